// blo-audit evidence.
#ifndef BLO_CLI_BLO_AUDIT_RUN_EVIDENCE_H
#define BLO_CLI_BLO_AUDIT_RUN_EVIDENCE_H

#include "arguments.h"
#include "base/result.h"
#include "examination.h"
#include "identity/chain.h"
#include "journal/outcome.h"

namespace blo::audit {

/// Prints the verdict and writes the files asked for; kVerified where it is. An error: the check
/// could not be completed.
[[nodiscard]] Result<journal::Outcome> run_evidence(const EvidenceArguments& arguments,
                                                    std::vector<identity::Certificate> authorities,
                                                    Examination examined);

}  // namespace blo::audit

#endif
