#include "office/quota.h"

#include <algorithm>

#include "journal/entry.h"

namespace blo::office {
namespace {

constexpr std::chrono::hours kDay{24};

std::int64_t hour_of(SteadyTime time) {
  return std::chrono::floor<std::chrono::hours>(time.time_since_epoch()).count();
}

bool used_up(milliseconds wait) { return wait > milliseconds(0); }

}  // namespace

void DayCount::add(std::uint64_t count, SteadyTime now) {
  if (count == 0) return;
  const std::int64_t hour = hour_of(now);
  // What began a whole day before this hour does not count any more.
  std::erase_if(hours_, [&](const Hour& one) { return one.number < hour - kDay.count(); });
  if (hours_.empty() || hours_.back().number != hour) hours_.push_back({hour, 0});
  hours_.back().count += count;
}

milliseconds DayCount::until_below(std::uint64_t limit, SteadyTime now) const {
  const std::int64_t oldest = hour_of(now) - kDay.count();
  std::uint64_t counted = 0;
  for (const Hour& one : hours_) counted += one.number >= oldest ? one.count : 0;
  for (const Hour& one : hours_) {
    if (counted < limit) break;
    if (one.number < oldest) continue;
    counted -= one.count;
    if (counted >= limit) continue;
    const SteadyTime gone(std::chrono::hours(one.number + 1) + kDay);
    return gone - now;
  }
  return milliseconds(0);
}

milliseconds Quota::wait(const QuotaLimits& limits, SteadyTime now) const {
  return std::max({entries_.until_below(limits.entries, now), bytes_.until_below(limits.bytes, now),
                   refusals_.until_below(limits.refusals, now)});
}

void Quota::add(const Load& load, SteadyTime now) {
  entries_.add(load.entries, now);
  bytes_.add(load.bytes, now);
  refusals_.add(load.refusals, now);
}

milliseconds Intake::wait(const QuotaLimits& limits, bool urgent, SteadyTime now) const {
  const auto wait = quota_.wait(limits, now);
  if (!used_up(wait) || !urgent) return wait;
  return reserve_.wait(kReserveOfADay, now);
}

void Intake::taken(const QuotaLimits& limits, const Load& load, SteadyTime now) {
  (used_up(quota_.wait(limits, now)) ? reserve_ : quota_).add(load, now);
}

bool does_not_wait(ByteView leaf) {
  const auto entry = journal::Entry::parse(leaf);
  if (!entry) return false;
  const auto* message = std::get_if<journal::SignedEnvelope>(&entry->what);
  if (message == nullptr) return true;
  const auto envelope = journal::Envelope::parse(message->envelope);
  return envelope &&
         (envelope->precedence == journal::Precedence::kFlash || journal::is_step(envelope->kind));
}

}  // namespace blo::office
