// Whether two daemons run under the keys of one office, told by the numbers that each start has.
#ifndef BLO_OFFICE_START_NUMBERS_H
#define BLO_OFFICE_START_NUMBERS_H

#include <deque>

#include "base/clock.h"

namespace blo::office {

/// What a Hello says about the daemons' starts; 0 where it says nothing.
struct ShownStarts {
  std::uint64_t theirs = 0;  // of the counterpart's daemon
  std::uint64_t ours = 0;    // the last of ours that it has been shown before
};

/// Of one pairing, as long as this daemon runs. A daemon that starts again shows a new number and
/// never an old one: one that comes back after another was shown means that both are running. A
/// counterpart that was shown our number and then another one has met a second daemon under our own
/// keys.
class StartNumbers {
 public:
  struct Finding {
    bool theirs_runs_twice = false;
    bool ours_runs_twice = false;
  };
  /// A Hello in a session that began at `began`; `own`: of this start.
  [[nodiscard]] Finding heard(const ShownStarts& hello, std::uint64_t own, SteadyTime began);
  /// What our Hello says we were shown.
  [[nodiscard]] std::uint64_t last() const { return last_; }

 private:
  [[nodiscard]] bool comes_back(std::uint64_t number, SteadyTime began);

  std::uint64_t last_ = 0;
  SteadyTime last_first_shown_{};     // when the session began that showed it first
  std::deque<std::uint64_t> before_;  // numbers shown before it
  bool knows_ours_ = false;           // the counterpart said that it was shown this start
};

}  // namespace blo::office

#endif
