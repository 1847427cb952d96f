// blo-audit fork.
#ifndef BLO_CLI_BLO_AUDIT_RUN_FORK_H
#define BLO_CLI_BLO_AUDIT_RUN_FORK_H

#include "arguments.h"
#include "base/result.h"
#include "examination.h"
#include "journal/fork.h"
#include "journal/outcome.h"

namespace blo::audit {

/// Prints the verdict; kVerified where the fork is proven. An error: the check could not be
/// completed.
[[nodiscard]] Result<journal::Outcome> run_fork(
    const ForkArguments& arguments, const std::vector<identity::Certificate>& authorities,
    Examination examined);

/// One JSON object and a newline; its fields are in docs/auditing.md.
[[nodiscard]] std::string fork_json(const std::string& file, const Result<journal::Fork>& fork,
                                    const Examination& examined);

}  // namespace blo::audit

#endif
