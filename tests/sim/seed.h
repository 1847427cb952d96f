// The one number that decides everything in a simulation.
#ifndef BLO_TESTS_SIM_SEED_H
#define BLO_TESTS_SIM_SEED_H

#include <cstdint>

namespace blo::sim {

/// BLO_SIM_SEED, or 1. Printed when a test fails.
[[nodiscard]] std::uint64_t seed_from_environment();

}  // namespace blo::sim

#endif
