// How often something may happen.
#ifndef BLO_BASE_TOKEN_BUDGET_H
#define BLO_BASE_TOKEN_BUDGET_H

#include <algorithm>

#include "base/clock.h"

namespace blo {

/// So many at once, and one more after each `every`.
class TokenBudget {
 public:
  constexpr TokenBudget(std::uint32_t at_once, milliseconds every)
      : every_(every), at_once_(every * at_once) {}

  /// Takes one; false where there is none now.
  [[nodiscard]] bool take(SteadyTime now) {
    const SteadyTime full_at = std::max(full_at_, now);
    if (full_at + every_ > now + at_once_) return false;
    full_at_ = full_at + every_;
    return true;
  }

 private:
  milliseconds every_;
  milliseconds at_once_;
  SteadyTime full_at_ = SteadyTime::min();  // when as many are there as may be taken at once
};

}  // namespace blo

#endif
