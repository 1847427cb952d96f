#include "base/hex.h"
#include "base/terminal.h"
#include "report.h"

namespace blo::audit {
namespace {

constexpr std::size_t kLabelChars = 12;

constexpr char kVerifiedMeans[] =
    "What this means: the entries are those the offices signed, in this order, and the receipts\n"
    "are the counterpart's.\n";
constexpr char kNotWholeMeans[] =
    "What this means: nothing is wrong with what is here, and it is not all: the entries are "
    "those\n"
    "the offices signed, in this order, and they themselves speak of what is missing. Have that\n"
    "before you conclude anything from what you do not see.\n";
constexpr char kFindingsMean[] =
    "What each code means and whom to ask is in docs/auditing.md. What no finding names was "
    "checked\n"
    "and holds, as far as it could be read.\n";
constexpr char kMayExplain[] =
    "What is missing may explain a finding: an entry may have been refused in a journal that is "
    "not\n"
    "here. Have that first.\n";
constexpr char kLimits[] =
    "Content is not checked: a journal holds commitments to content, never the content. Times are\n"
    "what each office's clock said; the order is the journal's.\n";

std::string line(std::string label, const std::string& value) {
  label.resize(kLabelChars, ' ');
  return "  " + label + terminal_safe(value) + "\n";
}

std::string counted(std::uint64_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

/// Every journal of one pairing is of one network; one of the exercise is enough to say so.
std::string exercise(const journal::Verdict& verdict) {
  const bool any = std::ranges::any_of(verdict.journals, [](const auto& journal) {
    return journal.origin.network == Network::kExercise;
  });
  return any ? " (EXERCISE - not real)" : "";
}

std::string receipts(const journal::JournalVerdict& journal) {
  if (!journal.first_receipt || !journal.last_receipt) return "none";
  const std::string upto =
      journal.receipted == journal.size
          ? "all " + counted(journal.size, "entry", "entries")
          : std::to_string(journal.receipted) + " of " + counted(journal.size, "entry", "entries");
  return upto + ", first " + to_rfc3339(*journal.first_receipt) + ", last " +
         to_rfc3339(*journal.last_receipt);
}

std::string thing(const journal::Missing& missing) {
  switch (missing.what) {
    case journal::Missing::What::kJournal: return "the journal " + missing.origin.text();
    case journal::Missing::What::kReceipts: return "receipts for " + missing.origin.text();
    case journal::Missing::What::kEntries: return "the end of " + missing.origin.text();
  }
  return missing.origin.text();
}

std::string named(const std::string& authority) {
  return authority.empty() ? "no authority given" : "authority " + authority;
}

/// Up to where the export is shown to hold everything.
std::string complete(const journal::JournalVerdict& journal,
                     const std::optional<std::string>& challenge) {
  const auto* found = challenge ? journal::find_challenge(journal, *challenge) : nullptr;
  if (found != nullptr && found->receipted) {
    return "up to the challenge (entry " + std::to_string(found->index) + ", receipted " +
           to_rfc3339(*found->receipted) + ")";
  }
  return "not shown: nothing is said about entries from " + std::to_string(journal.size) + " on";
}

}  // namespace

std::string text_lines(const Rows& rows) {
  std::string text;
  for (const auto& [label, value] : rows) text += line(label, value);
  return text;
}

std::string missing_sentence(const std::vector<journal::Missing>& missing) {
  constexpr std::size_t kNamedMax = 2;
  std::string text;
  for (std::size_t i = 0; i < std::min(missing.size(), kNamedMax); ++i)
    text += (i == 0 ? "missing: " : ", ") + thing(missing[i]);
  if (missing.size() > kNamedMax)
    text += ", and " + std::to_string(missing.size() - kNamedMax) + " more";
  return text;
}

Tone tone_of(journal::Outcome outcome) {
  switch (outcome) {
    case journal::Outcome::kVerified: return Tone::kGood;
    case journal::Outcome::kNotWhole: return Tone::kCareful;
    case journal::Outcome::kNotVerified: return Tone::kBad;
  }
  return Tone::kBad;
}

std::string verdict_sentence(const journal::Verdict& verdict) {
  std::string text(to_string(verdict.outcome()));
  switch (verdict.outcome()) {
    case journal::Outcome::kVerified:
      text += ": " + counted(verdict.journals.size(), "journal", "journals") + ", nothing found";
      break;
    case journal::Outcome::kNotWhole: text += ": " + missing_sentence(verdict.missing()); break;
    case journal::Outcome::kNotVerified:
      text += ": " + counted(verdict.findings.size(), "finding", "findings");
      if (const auto missing = verdict.missing(); !missing.empty())
        text += "; " + missing_sentence(missing);
  }
  return text + exercise(verdict);
}

std::string claims_sentence(const journal::Verdict& verdict) {
  std::uint64_t count = 0;
  const journal::JournalVerdict* first = nullptr;
  for (const auto& journal : verdict.journals) {
    if (journal.claims.count > 0 && first == nullptr) first = &journal;
    count += journal.claims.count;
  }
  if (first == nullptr) return {};
  const journal::Claims& claims = first->claims;
  return counted(count, "entry is", "entries are") +
         " dated by a wrong clock, the first of them entry " + std::to_string(claims.first) +
         " of " + first->origin.text() + ": dated " + to_rfc3339(claims.stamped) + " by " +
         first->origin.from.text() + ", received " + to_rfc3339(claims.received) +
         ". Such a date counts for nothing; the receipt's time does.";
}

Rows trust_rows(const Checked& checked) {
  Rows rows = {{"export", checked.folder}};
  for (const identity::Certificate& authority : checked.authorities) {
    rows.emplace_back("trusting", "authority " + authority.details().subject + " (" +
                                      std::string(to_string(authority.details().network)) +
                                      ") fingerprint " + to_hex(authority.fingerprint()));
  }
  return rows;
}

Rows journal_rows(const journal::JournalVerdict& journal,
                  const std::optional<std::string>& challenge) {
  if (journal.root == journal::Hash{}) return {{"entries", "not read: see the findings"}};
  Rows rows;
  for (const auto& missing : journal.missing) rows.emplace_back("missing", missing.sentence);
  const Rows whole = {{"entries", std::to_string(journal.size) + " (" +
                                      counted(journal.messages, "message", "messages") + ", " +
                                      counted(journal.records, "record", "records") + ", " +
                                      counted(journal.officers, "officer", "officers") + ")"},
                      {"receipted", receipts(journal)},
                      {"complete", complete(journal, challenge)},
                      {"refused", std::to_string(journal.refused)},
                      {"root", to_hex(journal.root)},
                      {"trusting", named(journal.sender_authority)},
                      {"", "receipts: " + named(journal.counterpart_authority)}};
  rows.insert(rows.end(), whole.begin(), whole.end());
  if (journal.claims.count > 0) {
    rows.emplace_back("claims", counted(journal.claims.count, "entry", "entries") +
                                    " dated more than a day after the receipt, the first: entry " +
                                    std::to_string(journal.claims.first) + ", dated " +
                                    to_rfc3339(journal.claims.stamped) + ", received " +
                                    to_rfc3339(journal.claims.received));
  }
  if (journal.unsure > 0) {
    rows.emplace_back("unsure", counted(journal.unsure, "entry", "entries") +
                                    " dated at about a time: the office's clock was not sure");
  }
  for (const std::string& note : journal.notes) rows.emplace_back("note", note);
  return rows;
}

Rows finding_rows(const journal::Finding& finding) {
  Rows rows = {{"where", finding.where}, {"what", finding.what}};
  if (!finding.evidence.empty()) rows.emplace_back("evidence", finding.evidence);
  rows.emplace_back("trusting",
                    finding.rests_on.empty() ? "nobody: the files show it" : finding.rests_on);
  return rows;
}

std::string meaning(const journal::Verdict& verdict) {
  switch (verdict.outcome()) {
    case journal::Outcome::kVerified: return std::string(kVerifiedMeans) + kLimits;
    case journal::Outcome::kNotWhole: return std::string(kNotWholeMeans) + kLimits;
    case journal::Outcome::kNotVerified: break;
  }
  return std::string(kFindingsMean) + (verdict.missing().empty() ? "" : kMayExplain) + kLimits;
}

std::string text_report(const Checked& checked) {
  std::string text = verdict_sentence(checked.verdict) + "\n";
  const std::string claims = claims_sentence(checked.verdict);
  if (!claims.empty()) text += claims + "\n";
  text += "\n" + text_lines(trust_rows(checked));
  for (const auto& journal : checked.verdict.journals)
    text +=
        "\n" + journal.origin.text() + "\n" + text_lines(journal_rows(journal, checked.challenge));
  for (const auto& finding : checked.verdict.findings)
    text += "\n" + std::string(to_string(finding.code)) + "\n" + text_lines(finding_rows(finding));
  return text + examination_text(checked.examined) + "\n" + meaning(checked.verdict);
}

}  // namespace blo::audit
