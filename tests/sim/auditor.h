// An auditor beside the simulated pair: what an office exports, and the evidence it gives out.
#ifndef BLO_TESTS_SIM_AUDITOR_H
#define BLO_TESTS_SIM_AUDITOR_H

#include "journal/verify.h"
#include "world.h"

namespace blo::sim {

/// What blo-audit says of the office's export of both directions.
[[nodiscard]] journal::Verdict audit(World& world, Node& node);
/// CHECKs that the export of `node` verifies, and the evidence of every message it sent that has a
/// receipt.
void check_auditable(World& world, Node& node);

}  // namespace blo::sim

#endif
