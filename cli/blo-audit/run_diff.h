// blo-audit diff.
#ifndef BLO_CLI_BLO_AUDIT_RUN_DIFF_H
#define BLO_CLI_BLO_AUDIT_RUN_DIFF_H

#include "arguments.h"
#include "journal/diff.h"

namespace blo::audit {

/// Both exports, as typed, and what came of comparing them.
struct Compared {
  std::array<std::string, 2> folders;
  std::vector<identity::Certificate> authorities;
  journal::ExportDiff diff;
};

/// Prints what was found and what was added; whether B extends A. An error: the comparison could
/// not be completed; what was printed is not all.
[[nodiscard]] Result<bool> run_diff(const DiffArguments& arguments,
                                    std::vector<identity::Certificate> authorities);

/// One JSON object and a newline; its fields are in docs/auditing.md.
[[nodiscard]] std::string diff_json(const Compared& compared);
/// A receipt that was "added" or is "missing".
[[nodiscard]] std::string receipt_json(const Origin& origin, const std::string& change,
                                       const journal::ReceiptedSize& receipt);

}  // namespace blo::audit

#endif
