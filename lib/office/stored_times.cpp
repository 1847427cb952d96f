#include "office/stored_times.h"

#include "office/head_over.h"

namespace blo::office {

/// What was read since is not earlier than what is stored.
WallTime StoredTimes::authorising(WallTime time) {
  if (const auto since = since_.not_later(time)) return *since;
  const auto stored = store_.journals().authorising_time(journal_, time);
  if (!stored) return failed(stored.error(), time);
  const bool is_later = !*stored || **stored > time;
  if (is_later && since_.last()) return *since_.last();
  if (*stored) return **stored;
  if (!begun_) {
    const auto begun = date_start(store_, journal_);
    if (!begun) return failed(begun.error(), time);
    begun_ = *begun;
  }
  return journal::where_none_is_sure(time, *begun_);
}

WallTime StoredTimes::failed(const Error& why, WallTime time) {
  failure_ = why;
  return time;
}

}  // namespace blo::office
