#include "base/hex.h"
#include "base/terminal.h"
#include "report.h"

namespace blo::audit {
namespace {

constexpr std::size_t kLabelChars = 12;

constexpr char kVerifiedMeans[] =
    "What this means: the entries are those the offices signed, in this order, and the receipts\n"
    "are the counterpart's.\n";
constexpr char kFindingsMean[] =
    "What each code means and whom to ask is in docs/auditing.md. What no finding names was "
    "checked\n"
    "and holds, as far as it could be read.\n";
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

std::string verdict_sentence(const journal::Verdict& verdict) {
  if (verdict.verified()) {
    return "VERIFIED: " + counted(verdict.journals.size(), "journal", "journals") +
           ", nothing found" + exercise(verdict);
  }
  return "NOT VERIFIED: " + counted(verdict.findings.size(), "finding", "findings") +
         exercise(verdict);
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
  Rows rows = {{"entries", std::to_string(journal.size) + " (" +
                               counted(journal.messages, "message", "messages") + ", " +
                               counted(journal.records, "record", "records") + ", " +
                               counted(journal.officers, "officer", "officers") + ")"},
               {"receipted", receipts(journal)},
               {"complete", complete(journal, challenge)},
               {"refused", std::to_string(journal.refused)},
               {"root", to_hex(journal.root)},
               {"trusting", named(journal.sender_authority)},
               {"", "receipts: " + named(journal.counterpart_authority)}};
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
  return std::string(verdict.verified() ? kVerifiedMeans : kFindingsMean) + kLimits;
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
  return text + "\n" + meaning(checked.verdict);
}

}  // namespace blo::audit
