// blo-audit evidence.
#ifndef BLO_CLI_BLO_AUDIT_RUN_EVIDENCE_H
#define BLO_CLI_BLO_AUDIT_RUN_EVIDENCE_H

#include "arguments.h"
#include "base/result.h"
#include "identity/chain.h"

namespace blo::audit {

/// Prints the verdict and writes the files asked for; whether it is verified. An error: the check
/// could not be completed.
[[nodiscard]] Result<bool> run_evidence(const EvidenceArguments& arguments,
                                        std::vector<identity::Certificate> authorities);

}  // namespace blo::audit

#endif
