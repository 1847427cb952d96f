#include "office/clock_belief.h"

#include "base/limits.h"

namespace blo::office {
namespace {

using limits::kClockSkewMax;

bool within_a_day(WallTime a, WallTime b) { return std::chrono::abs(a - b) <= kClockSkewMax; }

}  // namespace

ClockBelief::ClockBelief(WallTime certified_from, const std::optional<store::ClockRow>& kept)
    : certified_from_(certified_from),
      kept_(kept.value_or(store::ClockRow{certified_from, certified_from, {}, {}})),
      vouched_before_(kept_.vouched.has_value()) {}

void ClockBelief::add_own_stamp(WallTime stamp) {
  if (stamp > kept_.sure_until) return;
  own_stamp_ = std::max(own_stamp_.value_or(stamp), stamp);
}

WallTime ClockBelief::newest_known() const {
  return std::max({certified_from_, kept_.known, own_stamp_.value_or(certified_from_)});
}

Believed ClockBelief::judge() const {
  if (in_step_) return Believed::kInStep;
  const WallTime known = newest_known();
  if (last_.wall >= known && last_.wall <= known + limits::kClockGoesOnMax)
    return Believed::kGoesOn;
  for (const auto& [counterpart, seen] : sessions_) {
    const WallTime theirs = now_theirs(seen);
    // What is before the newest time known is another clock that lost the time.
    if (theirs >= known && within_a_day(theirs, last_.wall)) return Believed::kSession;
  }
  return person_ ? Believed::kPerson : Believed::kNo;
}

void ClockBelief::look(Now now) {
  last_ = now;
  if (!base_) base_ = now;
  const auto step = (now.wall - base_->wall) - (now.steady - base_->steady);
  if (std::chrono::abs(step) > limits::kClockStepMax) {
    base_ = now;
    believed_ = Believed::kNo;
    // What a person, or a counterpart in a run before, spoke for was the clock before its step.
    person_ = false;
    typed_.reset();
    vouched_before_ = false;
  }
  if (!is_believed()) {
    believed_ = judge();
    marked_.reset();
  }
  if (is_believed()) keep_mark();
}

/// Not with the first reading: a clock that was wrong for minutes leaves nothing behind.
void ClockBelief::keep_mark() {
  if (!marked_) marked_ = last_.steady;
  if (last_.steady - *marked_ >= limits::kClockMarkEvery) {
    marked_ = last_.steady;
    kept_.known = std::max(kept_.known, last_.wall);
  }
  // Kept ahead, so that it is on the disk before the stamps it speaks of.
  if (last_.wall + limits::kClockMarkEvery > kept_.sure_until)
    kept_.sure_until = last_.wall + 2 * limits::kClockMarkEvery;
}

/// `limit`: what lies after it was known from a clock that was wrong; `time` is known instead.
void ClockBelief::forget_beyond(WallTime time, WallTime limit) {
  if (kept_.known > limit) kept_.known = time;
  if (own_stamp_ && *own_stamp_ > limit) own_stamp_.reset();
  kept_.sure_until = std::min(kept_.sure_until, limit);
}

void ClockBelief::note_vouched() {
  if (is_believed()) kept_.vouched = last_.wall;
}

void ClockBelief::hear(const std::string& counterpart, WallTime theirs, Now now) {
  look(now);
  sessions_.erase(counterpart);
  if (!within_a_day(theirs, now.wall)) return;
  sessions_.emplace(counterpart, Seen{theirs, now.steady});
  if (theirs >= newest_known()) kept_.known = std::max(kept_.known, std::min(theirs, now.wall));
  look(now);
  note_vouched();
}

void ClockBelief::keep_receipt(WallTime given, Now now) {
  look(now);
  forget_beyond(given, given + kClockSkewMax);
  kept_.known = std::max(kept_.known, std::min(given, now.wall));
  if (within_a_day(given, now.wall)) {
    receipt_ = Seen{given, now.steady};
    note_vouched();
  }
}

bool ClockBelief::type(const TypedDate& date, Now now) {
  look(now);
  const WallTime begins = std::chrono::sys_days(date.day);
  const WallTime ends = begins + std::chrono::days(1);
  if (now.wall < begins - kClockSkewMax || now.wall >= ends + kClockSkewMax) return false;
  if (now.wall < certified_from_) return false;  // an empty RTC's 1970: nobody looked at a watch
  forget_beyond(now.wall, std::max(now.wall, ends) + kClockSkewMax);
  person_ = true;
  if (date.by_officer) typed_ = now.steady;
  look(now);
  return true;
}

WallTime ClockBelief::judging_time() const { return is_believed() ? last_.wall : newest_known(); }

std::optional<MayDestroy> ClockBelief::may_destroy() const {
  if (!is_believed()) return std::nullopt;
  if (typed_ && last_.steady - *typed_ <= limits::kDateTypedMax) return MayDestroy();
  const auto speaks = [&](const Seen& seen) {
    return last_.steady - seen.at <= limits::kClockVouchedMax &&
           within_a_day(now_theirs(seen), last_.wall);
  };
  if (receipt_ && speaks(*receipt_)) return MayDestroy();
  for (const auto& [counterpart, seen] : sessions_) {
    if (speaks(seen)) return MayDestroy();
  }
  const bool before = vouched_before_ && last_.wall >= *kept_.vouched &&
                      last_.wall - *kept_.vouched <= limits::kClockVouchedMax;
  return before ? std::optional(MayDestroy()) : std::nullopt;
}

void ClockBelief::set_waits(bool waits) {
  if (!waits) {
    kept_.waits.reset();
  } else if (!kept_.waits) {
    kept_.waits = last_.wall;
  }
}

}  // namespace blo::office
