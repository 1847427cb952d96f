#include "seed.h"

#include <cstdlib>

#include "base/ids.h"

namespace blo::sim {

std::uint64_t seed_from_environment() {
  const char* text = std::getenv("BLO_SIM_SEED");
  return text == nullptr ? 1 : parse_decimal(text).value();
}

}  // namespace blo::sim
