// The verdict as people and as programs read it.
#ifndef BLO_CLI_BLO_AUDIT_REPORT_H
#define BLO_CLI_BLO_AUDIT_REPORT_H

#include "examination.h"
#include "html.h"
#include "journal/challenge.h"
#include "sandbox.h"

namespace blo::audit {

/// What a report is about.
struct Checked {
  std::string folder;  // as typed
  std::vector<identity::Certificate> authorities;
  journal::Verdict verdict;
  Sandbox sandbox;  // under which it was made
  Examination examined = {};
  std::optional<std::string> challenge = std::nullopt;  // as typed
  std::string challenge_of = {};  // whose journals were to answer it; empty: either office's
};

/// Labels and what they say. All of it is text from anywhere: whoever shows it makes it safe.
using Rows = std::vector<std::pair<std::string, std::string>>;
/// A line each, safe for a terminal.
[[nodiscard]] std::string text_lines(const Rows& rows);
/// "NOT VERIFIED: 2 findings": the words of its outcome, and why.
[[nodiscard]] std::string verdict_sentence(const journal::Verdict& verdict);
/// "missing: the journal live/UZ-OYBEK/TJ-FOTEHOBOD/1": the first of them, and how many more.
[[nodiscard]] std::string missing_sentence(const std::vector<journal::Missing>& missing);
[[nodiscard]] Tone tone_of(journal::Outcome outcome);
/// How many entries are dated by a wrong clock, and the first of them; empty where none is.
[[nodiscard]] std::string claims_sentence(const journal::Verdict& verdict);
[[nodiscard]] Rows trust_rows(const Checked& checked);
[[nodiscard]] Rows journal_rows(const journal::JournalVerdict& journal,
                                const std::optional<std::string>& challenge);
[[nodiscard]] Rows finding_rows(const journal::Finding& finding);
/// What the verdict means and what it says nothing about: lines.
[[nodiscard]] std::string meaning(const journal::Verdict& verdict);

/// A page for people: the verdict first. Safe for a terminal.
[[nodiscard]] std::string text_report(const Checked& checked);

/// The same as a page that needs no other file, with the journals' timelines.
[[nodiscard]] std::string html_report(const Checked& checked, const journal::Timelines& timelines);

/// One JSON object and a newline; its fields are in docs/auditing.md.
[[nodiscard]] std::string json_report(const Checked& checked);
/// The object that says the check could not be completed.
[[nodiscard]] std::string json_failure(const std::string& why);

}  // namespace blo::audit

#endif
