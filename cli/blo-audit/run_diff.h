// blo-audit diff.
#ifndef BLO_CLI_BLO_AUDIT_RUN_DIFF_H
#define BLO_CLI_BLO_AUDIT_RUN_DIFF_H

#include "arguments.h"
#include "examination.h"
#include "journal/diff.h"

namespace blo::audit {

/// Both exports, as typed, and what came of comparing them.
struct Compared {
  std::array<std::string, 2> folders;
  std::vector<identity::Certificate> authorities;
  journal::ExportDiff diff;
  Examination examined;
};

/// Prints what was found and what was added; what it comes to. An error: the comparison could
/// not be completed; what was printed is not all.
[[nodiscard]] Result<journal::Outcome> run_diff(const DiffArguments& arguments,
                                                std::vector<identity::Certificate> authorities,
                                                Examination examined);

/// "B EXTENDS A": the words of what it comes to, for people and programs alike.
[[nodiscard]] std::string_view diff_verdict(const journal::ExportDiff& diff);

/// One JSON object and a newline; its fields are in docs/auditing.md.
[[nodiscard]] std::string diff_json(const Compared& compared);
/// A receipt that was "added" or is "missing".
[[nodiscard]] std::string receipt_json(const Origin& origin, const std::string& change,
                                       const journal::ReceiptedSize& receipt);

}  // namespace blo::audit

#endif
