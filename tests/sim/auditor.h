// An auditor beside the simulated pair, to whom an honest office shows what it has.
#ifndef BLO_TESTS_SIM_AUDITOR_H
#define BLO_TESTS_SIM_AUDITOR_H

#include "world.h"

namespace blo::sim {

/// CHECKs that the export of `node` verifies, and the evidence of every message it sent that has a
/// receipt.
void check_auditable(World& world, Node& node);

}  // namespace blo::sim

#endif
