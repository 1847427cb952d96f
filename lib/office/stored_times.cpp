#include "office/stored_times.h"

namespace blo::office {

/// What was read since is not earlier than what is stored.
std::optional<WallTime> StoredTimes::authorising(WallTime time) {
  if (const auto since = since_.not_later(time)) return since;
  auto stored = store_.journals().authorising_time(journal_, time);
  if (!stored) {
    failure_ = stored.error();
    return std::nullopt;
  }
  const bool is_later = !*stored || **stored > time;
  return is_later && since_.last() ? since_.last() : *stored;
}

}  // namespace blo::office
