#include "office/start_numbers.h"

#include <algorithm>

namespace blo::office {
namespace {

/// Two daemons, or a few, take turns; one that is started again and again shows each number once.
constexpr std::size_t kRemembered = 16;

}  // namespace

bool StartNumbers::comes_back(Claimed<std::uint64_t> number, SteadyTime began) {
  if (number == 0 || number == last_) return false;
  const bool was_shown = std::ranges::find(before_, number) != before_.end();
  // A session of a daemon that has ended since may still be heard: it began before the next one's.
  if (was_shown && began <= last_first_shown_) return false;
  if (last_ != 0) before_.push_back(last_);
  if (before_.size() > kRemembered) before_.pop_front();
  last_ = number;
  last_first_shown_ = began;
  return was_shown;
}

}  // namespace blo::office
