#include "journal/across/sure_times.h"

#include <algorithm>

namespace blo::journal {

void KeptSureTimes::add(WallTime time) {
  if (!times_.empty() && times_.back() == time) return;
  ascend_ = ascend_ && (times_.empty() || times_.back() < time);
  times_.push_back(time);
}

std::optional<WallTime> KeptSureTimes::last() const {
  return times_.empty() ? std::nullopt : std::optional(times_.back());
}

std::optional<WallTime> KeptSureTimes::not_later(WallTime time) const {
  if (ascend_) {
    const auto later = std::ranges::upper_bound(times_, time);
    return later == times_.begin() ? std::nullopt : std::optional(*std::prev(later));
  }
  std::optional<WallTime> latest;
  for (const WallTime one : times_) {
    if (one <= time && (!latest || one > *latest)) latest = one;
  }
  return latest;
}

WallTime KeptSureTimes::authorising(WallTime time) {
  if (const auto found = not_later(time)) return *found;
  return times_.empty() ? where_none_is_sure(time, begun_) : times_.back();
}

}  // namespace blo::journal
