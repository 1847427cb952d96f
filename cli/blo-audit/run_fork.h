// blo-audit fork.
#ifndef BLO_CLI_BLO_AUDIT_RUN_FORK_H
#define BLO_CLI_BLO_AUDIT_RUN_FORK_H

#include "arguments.h"
#include "base/result.h"
#include "journal/fork.h"

namespace blo::audit {

/// Prints the verdict; whether the fork is proven. An error: the check could not be completed.
[[nodiscard]] Result<bool> run_fork(const ForkArguments& arguments,
                                    const std::vector<identity::Certificate>& authorities);

/// One JSON object and a newline; its fields are in docs/auditing.md.
[[nodiscard]] std::string fork_json(const std::string& file, const Result<journal::Fork>& fork);

}  // namespace blo::audit

#endif
