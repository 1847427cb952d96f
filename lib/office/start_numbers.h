// Whether two daemons run under the keys of one office, told by the numbers that each start has.
#ifndef BLO_OFFICE_START_NUMBERS_H
#define BLO_OFFICE_START_NUMBERS_H

#include <deque>

#include "base/clock.h"
#include "base/outside.h"

namespace blo::office {

/// What a counterpart's Hellos have shown, as long as this daemon runs. A daemon that starts again
/// shows a new number and never an old one: one that comes back after another was shown means that
/// both are running.
class StartNumbers {
 public:
  /// A Hello in a session that began at `began`, with this number; 0 says nothing. True: it came
  /// back.
  [[nodiscard]] bool comes_back(Claimed<std::uint64_t> number, SteadyTime began);

 private:
  Claimed<std::uint64_t> last_ = 0;
  SteadyTime last_first_shown_{};              // when the session began that showed it first
  std::deque<Claimed<std::uint64_t>> before_;  // numbers shown before it
};

}  // namespace blo::office

#endif
