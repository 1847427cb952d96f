// The verdict as people and as programs read it.
#ifndef BLO_CLI_BLO_AUDIT_REPORT_H
#define BLO_CLI_BLO_AUDIT_REPORT_H

#include "journal/challenge.h"
#include "sandbox.h"

namespace blo::audit {

/// What a report is about.
struct Checked {
  std::string folder;  // as typed
  std::vector<identity::Certificate> authorities;
  journal::Verdict verdict;
  Sandbox sandbox;                       // under which it was made
  std::optional<std::string> challenge;  // as typed
};

/// A page for people: the verdict first. Safe for a terminal.
[[nodiscard]] std::string text_report(const Checked& checked);

/// One JSON object and a newline; its fields are in docs/auditing.md.
[[nodiscard]] std::string json_report(const Checked& checked);
/// The object that says the check could not be completed.
[[nodiscard]] std::string json_failure(const std::string& why);

}  // namespace blo::audit

#endif
