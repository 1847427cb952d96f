#include "journal/across/claims.h"

#include "base/limits.h"

namespace blo::journal {

bool is_claim(WallTime stamped, std::optional<WallTime> received) {
  return received && stamped > *received + limits::kClockSkewMax;
}

}  // namespace blo::journal
