// How long something has waited, whatever the wall clock says meanwhile.
#ifndef BLO_BASE_WAIT_CLOCK_H
#define BLO_BASE_WAIT_CLOCK_H

#include <span>
#include <vector>

#include "base/clock.h"

namespace blo {

class WaitClock;
/// A point in the time that this office was at work: the steady clock of one run of the daemon
/// after the other. It never goes back, and no wall clock moves it. 0 is before all.
using WaitTime = std::chrono::time_point<WaitClock, milliseconds>;

/// The office was not at work: whoever waits since before `at` has waited so much longer.
struct TimeOff {
  WaitTime at;
  milliseconds length;
};

/// What a run leaves to the next: how far it came, and the calendar time there.
struct WaitMark {
  WaitTime at;
  std::optional<WallTime> wall;      // none: no clock was ever in step for long enough
  std::optional<WaitTime> off_from;  // where time off lies that was not counted yet; none: at `at`
};

/// Counts on the steady clock. The wall clock is asked for one thing, how long the office was not
/// at work between two runs, and is asked anew as often as that is used: of a clock that is wrong
/// for a while nothing is left once it is right. Time off counts whole when the clock has been in
/// step with the steady one for kInStep, or a counterpart's agrees with it; before that as far as
/// kUnsureMax. A clock that moves while the office is at work is a clock that moves, and no time.
/// A value, on one thread.
class WaitClock {
 public:
  static constexpr milliseconds kMarkEvery{1'000};
  static constexpr milliseconds kInStep{5 * 60'000};
  static constexpr milliseconds kUnsureMax{5 * 60'000};
  /// One that jumps by more is not in step.
  static constexpr milliseconds kStepMax{60'000};
  /// A clock that is further behind the last mark than this is not believed by itself.
  static constexpr milliseconds kBehindMax{10 * 60'000};

  /// `off`: of earlier runs, oldest first.
  explicit WaitClock(std::optional<WaitMark> mark = {}, std::vector<TimeOff> off = {});

  /// The run begins with the first call. Whatever stands under a point must lie, in the store, with
  /// a mark no older than kMarkEvery: the next run begins behind it.
  [[nodiscard]] WaitTime at(SteadyTime now);
  /// What an authenticated counterpart's clock says: within kUnsureMax of ours it vouches for it.
  void compare(WallTime theirs, Now now);
  /// What waits since then, or longer, has waited for `patience` at least.
  [[nodiscard]] WaitTime since(milliseconds patience, Now now);

  struct Kept {
    WaitMark mark;
    TimeOff off;  // before this run; of length 0: none, or not known yet
  };
  /// What the next run goes on from. Call it, or since(), every few seconds: a step of the clock is
  /// seen by what it was before.
  [[nodiscard]] Kept to_keep(Now now);

 private:
  void look(Now now);
  [[nodiscard]] bool is_sure(SteadyTime now) const;
  /// Below 0: the clock is behind the mark.
  [[nodiscard]] milliseconds measured_off(Now now) const;
  /// By the clock as it is now, the office came from the mark to here.
  [[nodiscard]] bool explains_mark(Now now) const;

  std::optional<WaitMark> mark_;
  std::vector<TimeOff> off_;
  struct Start {
    WaitTime at;
    SteadyTime steady;
  };
  std::optional<Start> start_;
  std::optional<milliseconds> skew_;  // of the wall clock against the steady one, as last seen
  SteadyTime in_step_since_;
  bool agreed_ = false;  // since the clock last jumped
};

}  // namespace blo

#endif
