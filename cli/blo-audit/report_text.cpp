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

std::string verdict_line(const journal::Verdict& verdict) {
  if (verdict.verified()) {
    return "VERIFIED: " + counted(verdict.journals.size(), "journal", "journals") +
           ", nothing found" + exercise(verdict) + "\n";
  }
  return "NOT VERIFIED: " + counted(verdict.findings.size(), "finding", "findings") +
         exercise(verdict) + "\n";
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

std::string journal_part(const journal::JournalVerdict& journal,
                         const std::optional<std::string>& challenge) {
  std::string text = "\n" + journal.origin.text() + "\n";
  if (journal.root == journal::Hash{}) return text + line("entries", "not read: see the findings");
  text += line("entries", std::to_string(journal.size) + " (" +
                              counted(journal.messages, "message", "messages") + ", " +
                              counted(journal.records, "record", "records") + ", " +
                              counted(journal.officers, "officer", "officers") + ")");
  text += line("receipted", receipts(journal));
  text += line("complete", complete(journal, challenge));
  text += line("refused", std::to_string(journal.refused));
  text += line("root", to_hex(journal.root));
  text += line("trusting", named(journal.sender_authority));
  text += line("", "receipts: " + named(journal.counterpart_authority));
  for (const std::string& note : journal.notes) text += line("note", note);
  return text;
}

std::string finding_part(const journal::Finding& finding) {
  std::string text = "\n" + std::string(to_string(finding.code)) + "\n";
  text += line("where", finding.where);
  text += line("what", finding.what);
  if (!finding.evidence.empty()) text += line("evidence", finding.evidence);
  text +=
      line("trusting", finding.rests_on.empty() ? "nobody: the files show it" : finding.rests_on);
  return text;
}

}  // namespace

std::string text_report(const Checked& checked) {
  std::string text = verdict_line(checked.verdict) + "\n";
  text += line("export", checked.folder);
  for (const identity::Certificate& authority : checked.authorities) {
    text += line("trusting", "authority " + authority.details().subject + " (" +
                                 std::string(to_string(authority.details().network)) +
                                 ") fingerprint " + to_hex(authority.fingerprint()));
  }
  for (const auto& journal : checked.verdict.journals)
    text += journal_part(journal, checked.challenge);
  for (const auto& finding : checked.verdict.findings) text += finding_part(finding);
  return text + "\n" + (checked.verdict.verified() ? kVerifiedMeans : kFindingsMean) + kLimits;
}

}  // namespace blo::audit
