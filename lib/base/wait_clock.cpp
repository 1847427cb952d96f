#include "base/wait_clock.h"

#include <algorithm>
#include <ranges>

namespace blo {

WaitClock::WaitClock(std::optional<WaitMark> mark, std::vector<TimeOff> off)
    : mark_(mark), off_(std::move(off)) {}

WaitTime WaitClock::at(SteadyTime now) {
  if (!start_) start_ = {(mark_ ? mark_->at : WaitTime()) + kMarkEvery, now};
  return start_->at + (now - start_->steady);
}

void WaitClock::look(Now now) {
  static_cast<void>(at(now.steady));
  const milliseconds skew = now.wall.time_since_epoch() - now.steady.time_since_epoch();
  if (!skew_ || std::chrono::abs(skew - *skew_) > kStepMax) {
    in_step_since_ = now.steady;
    agreed_ = false;
  }
  skew_ = skew;
}

void WaitClock::compare(WallTime theirs, Now now) {
  look(now);
  if (std::chrono::abs(theirs - now.wall) <= kUnsureMax) agreed_ = true;
}

bool WaitClock::is_sure(SteadyTime now) const { return agreed_ || now - in_step_since_ >= kInStep; }

milliseconds WaitClock::measured_off(Now now) const {
  if (!mark_ || !mark_->wall) return milliseconds(0);
  return now.wall - (now.steady - start_->steady) - *mark_->wall - kMarkEvery;
}

bool WaitClock::explains_mark(Now now) const {
  if (!is_sure(now.steady)) return false;
  return agreed_ || measured_off(now) >= -kBehindMax;
}

WaitTime WaitClock::since(milliseconds patience, Now now) {
  look(now);
  WaitTime since = at(now.steady) - patience;
  const auto reach = [&since](const TimeOff& off) {
    if (since < off.at) since = std::min(off.at - milliseconds(1), since + off.length);
  };
  const milliseconds most = is_sure(now.steady) ? milliseconds::max() : kUnsureMax;
  const milliseconds length = std::clamp(measured_off(now), milliseconds(0), most);
  if (length > milliseconds(0)) reach({mark_->off_from.value_or(start_->at), length});
  for (const TimeOff& off : std::views::reverse(off_)) reach(off);
  return since;
}

WaitClock::Kept WaitClock::to_keep(Now now) {
  look(now);
  const WaitTime here = at(now.steady);
  const WaitTime off_from = mark_ && mark_->off_from ? *mark_->off_from : start_->at;
  if (explains_mark(now)) {
    return {{here, now.wall, {}}, {off_from, std::max(measured_off(now), milliseconds(0))}};
  }
  // Not by this clock: the next run asks its own about all of it.
  std::optional<WallTime> wall = mark_ ? mark_->wall : std::nullopt;
  if (wall) *wall += here - start_->at + kMarkEvery;
  return {{here, wall, off_from}, {off_from, milliseconds(0)}};
}

}  // namespace blo
