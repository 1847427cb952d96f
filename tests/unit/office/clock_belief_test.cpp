#include "office/clock_belief.h"

#include <catch2/catch.hpp>

#include "base/limits.h"

namespace blo::office {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;

constexpr WallTime kCertified{sys_days(std::chrono::year(2026) / 11 / 1)};
constexpr WallTime k1970{hours(3)};
constexpr milliseconds kMs{1};

/// A machine whose two clocks run, and one of which can be set.
struct Machine {
  explicit Machine(WallTime wall, const std::optional<store::ClockRow>& kept = {})
      : belief(kCertified, kept), now{wall, SteadyTime(milliseconds(1'000'000))} {
    belief.look(now);
  }
  void pass(milliseconds time) {
    now.wall += time;
    now.steady += time;
    belief.look(now);
  }
  void set(WallTime wall) {
    now.wall = wall;
    belief.look(now);
  }
  void hear(WallTime theirs) { belief.hear("TJ-FOTEHOBOD", theirs, now); }
  [[nodiscard]] bool type(WallTime day, bool by_officer = true) {
    const std::chrono::year_month_day date(std::chrono::floor<days>(day));
    return belief.type({date, by_officer}, now);
  }
  [[nodiscard]] bool may_destroy() const { return belief.may_destroy().has_value(); }

  ClockBelief belief;
  Now now;
};

store::ClockRow known_at(WallTime known) { return {known, known + hours(1), {}, {}}; }

}  // namespace

TEST_CASE("a clock is believed from the newest time known to 48 hours after it and no further") {
  CHECK(Machine(kCertified - kMs).belief.believed() == Believed::kNo);
  CHECK(Machine(kCertified).belief.believed() == Believed::kGoesOn);
  CHECK(Machine(kCertified + hours(48)).belief.believed() == Believed::kGoesOn);
  CHECK(Machine(kCertified + hours(48) + kMs).belief.believed() == Believed::kNo);
  const auto kept = known_at(kCertified + days(300));
  CHECK(Machine(kept.known - kMs, kept).belief.believed() == Believed::kNo);
  CHECK(Machine(kept.known + hours(48), kept).belief.believed() == Believed::kGoesOn);
  CHECK(Machine(k1970).belief.believed() == Believed::kNo);
}

TEST_CASE("a clock that waits long enough comes into its time and a believed one leaves it") {
  Machine slow(kCertified - minutes(10));
  CHECK_FALSE(slow.belief.is_believed());
  slow.pass(minutes(10));
  CHECK(slow.belief.is_believed());
  slow.pass(days(400));  // the steady clock speaks for it
  CHECK(slow.belief.is_believed());
}

TEST_CASE("a clock is believed while NTP keeps it in step and judged anew after a step") {
  Machine at(kCertified + days(400));
  CHECK_FALSE(at.belief.is_believed());
  at.belief.set_in_step(true);
  at.pass(seconds(1));
  CHECK(at.belief.believed() == Believed::kInStep);
  at.belief.set_in_step(false);  // that it is lost is no step
  at.pass(days(1));
  CHECK(at.belief.believed() == Believed::kInStep);
  at.set(at.now.wall + limits::kClockStepMax);
  CHECK(at.belief.is_believed());
  at.set(at.now.wall + kMs);  // both together are more than a clock steps that keeps time
  CHECK(at.belief.believed() == Believed::kGoesOn);
  at.set(at.now.wall + days(3));
  CHECK_FALSE(at.belief.is_believed());
  at.set(at.now.wall - days(3));
  CHECK(at.belief.is_believed());
}

TEST_CASE("a step beyond what is known ends belief and one back to it restores that") {
  Machine at(kCertified + hours(1));
  at.set(at.now.wall + days(400));
  CHECK_FALSE(at.belief.is_believed());
  CHECK(at.belief.judging_time() == at.belief.newest_known());
  at.set(at.now.wall - days(400));
  CHECK(at.belief.is_believed());
  CHECK(at.belief.judging_time() == at.now.wall);
}

TEST_CASE("a counterpart's clock within a day and not before the newest time known is believed") {
  const WallTime wall = kCertified + days(100);
  const auto after_hearing = [&](milliseconds ahead) {
    Machine at(wall);
    at.hear(wall + ahead);
    return at.belief.believed();
  };
  // What agrees is known from then on, and the clock goes on from it.
  CHECK(after_hearing(hours(24)) == Believed::kGoesOn);
  CHECK(after_hearing(-hours(24)) == Believed::kGoesOn);
  CHECK(after_hearing(hours(24) + kMs) == Believed::kNo);
  CHECK(after_hearing(-hours(24) - kMs) == Believed::kNo);
  Machine old(kCertified - hours(2));
  old.hear(kCertified - kMs);
  CHECK_FALSE(old.belief.is_believed());
  old.hear(kCertified);
  CHECK(old.belief.believed() == Believed::kSession);
}

TEST_CASE("two offices that both lost the time do not vouch 1970 for each other") {
  Machine fresh(k1970);
  fresh.hear(k1970 + minutes(1));
  CHECK_FALSE(fresh.belief.is_believed());
  CHECK(fresh.belief.newest_known() == kCertified);
  Machine old(k1970, known_at(kCertified + days(10)));
  old.hear(k1970 + minutes(1));
  CHECK_FALSE(old.belief.is_believed());
  CHECK_FALSE(old.may_destroy());
  old.belief.keep_receipt(k1970 + minutes(2), old.now);
  CHECK_FALSE(old.belief.is_believed());
}

TEST_CASE("a counterpart's word does not carry what is known beyond our own clock") {
  Machine at(kCertified + hours(1));
  at.hear(at.now.wall + hours(23));
  at.belief.keep_receipt(at.now.wall + hours(23), at.now);
  CHECK(at.belief.newest_known() == at.now.wall);
  CHECK(Machine(at.now.wall + minutes(1), at.belief.kept()).belief.is_believed());
}

TEST_CASE("what a person typed is believed until the clock steps or the machine starts again") {
  const WallTime wall = kCertified + days(100) + hours(12);
  const auto typed = [&](WallTime day) {
    Machine at(wall);
    return at.type(day) && at.belief.believed() == Believed::kPerson;
  };
  CHECK(typed(wall));
  CHECK(typed(wall - days(1)));  // 12 hours after its end
  CHECK(typed(wall + days(1)));
  CHECK_FALSE(typed(wall - days(2)));
  CHECK_FALSE(typed(wall + days(2)));
  Machine at(wall);
  REQUIRE(at.type(wall));
  at.set(wall + limits::kClockStepMax + kMs);
  CHECK_FALSE(at.belief.is_believed());
  CHECK_FALSE(Machine(wall + minutes(5), at.belief.kept()).belief.is_believed());
}

TEST_CASE("the day typed reaches a day beyond its two ends") {
  const WallTime day = sys_days(std::chrono::year(2027) / 3 / 1);
  const auto typed_at = [&](WallTime wall) { return Machine(wall).type(day); };
  CHECK(typed_at(day - days(1)));
  CHECK_FALSE(typed_at(day - days(1) - kMs));
  CHECK(typed_at(day + days(2) - kMs));
  CHECK_FALSE(typed_at(day + days(2)));
}

TEST_CASE("no date speaks for a clock that is before the office's own certificates") {
  Machine empty(k1970);
  CHECK_FALSE(empty.type(k1970));
  CHECK(empty.belief.believed() == Believed::kNo);
  CHECK_FALSE(Machine(kCertified - kMs).type(kCertified - kMs));
  CHECK(Machine(kCertified).type(kCertified));
}

TEST_CASE("a mark is kept after each hour in which the clock was believed and none before") {
  Machine at(kCertified + hours(40));
  at.pass(minutes(59));
  CHECK(at.belief.kept().known == kCertified);
  at.pass(minutes(1));
  CHECK(at.belief.kept().known == at.now.wall);
  const WallTime marked = at.now.wall;
  at.pass(minutes(59));
  CHECK(at.belief.kept().known == marked);
  Machine wrong(kCertified + days(400));
  wrong.pass(hours(3));
  CHECK(wrong.belief.kept().known == kCertified);
}

TEST_CASE("five hours ahead for some seconds are forgotten when the clock is right again") {
  const auto kept = known_at(kCertified + days(3));
  Machine wrong(kept.known + hours(5), kept);
  CHECK(wrong.belief.is_believed());
  wrong.pass(seconds(10));
  Machine right(kept.known + minutes(1), wrong.belief.kept());
  CHECK(right.belief.is_believed());
}

TEST_CASE("a stamp of ours is known where it was made by a believed clock") {
  Machine at(kCertified + hours(1));
  at.belief.add_own_stamp(at.now.wall + hours(2));
  CHECK(at.belief.newest_known() == at.now.wall + hours(2));
  at.belief.add_own_stamp(at.now.wall + hours(2) + kMs);  // by a clock that was not believed
  CHECK(at.belief.newest_known() == at.now.wall + hours(2));
  Machine again(at.now.wall + hours(3), at.belief.kept());
  again.belief.add_own_stamp(kCertified + days(400));
  CHECK(again.belief.newest_known() == kCertified);
}

TEST_CASE("what lies more than a day after a receipt kept later is forgotten") {
  const WallTime truth = kCertified + days(30);
  const auto after_receipt = [&](WallTime known) {
    Machine at(truth, known_at(known));
    at.belief.keep_receipt(truth - minutes(1), at.now);
    return at.belief.newest_known();
  };
  CHECK(after_receipt(truth + days(400)) == truth - minutes(1));
  CHECK(after_receipt(truth + hours(24) - minutes(1)) == truth + hours(24) - minutes(1));
  CHECK(after_receipt(truth + hours(24)) == truth - minutes(1));
  CHECK(after_receipt(truth - days(5)) == truth - minutes(1));
  Machine poisoned(truth, known_at(truth + days(400)));
  poisoned.belief.add_own_stamp(truth + days(400));
  poisoned.belief.keep_receipt(truth, poisoned.now);
  poisoned.belief.add_own_stamp(truth + days(400));  // it still stands in the journal
  CHECK(poisoned.belief.newest_known() == truth);
  CHECK(Machine(truth + minutes(1), poisoned.belief.kept()).belief.is_believed());
}

TEST_CASE("what lies more than a day after a date typed later is forgotten") {
  const WallTime truth = kCertified + days(30) + hours(12);
  Machine at(truth, known_at(truth + days(400)));
  CHECK_FALSE(at.belief.is_believed());
  REQUIRE(at.type(truth));
  CHECK(at.belief.newest_known() == truth);
  CHECK(Machine(truth + hours(1), at.belief.kept()).belief.is_believed());
  Machine near(truth, known_at(truth + hours(36)));  // a day after the day's end
  REQUIRE(near.type(truth));
  CHECK(near.belief.newest_known() == truth + hours(36));
}

TEST_CASE("NTP alone is not enough to destroy by and neither is a time that goes on") {
  Machine at(kCertified + hours(1));
  CHECK(at.belief.is_believed());
  CHECK_FALSE(at.may_destroy());
  at.belief.set_in_step(true);
  at.pass(days(400));
  CHECK_FALSE(at.may_destroy());
}

TEST_CASE("a counterpart's clock beside ours lets contents go for seven days") {
  Machine at(kCertified + hours(1));
  at.hear(at.now.wall - hours(24));  // older than what is known, and within a day
  CHECK(at.may_destroy());
  at.pass(days(7));
  CHECK(at.may_destroy());
  at.pass(kMs);
  CHECK_FALSE(at.may_destroy());
  at.belief.keep_receipt(at.now.wall - hours(1), at.now);
  CHECK(at.may_destroy());
  at.pass(days(7) + kMs);
  CHECK_FALSE(at.may_destroy());
  at.hear(at.now.wall + hours(24) + kMs);
  CHECK_FALSE(at.may_destroy());
}

TEST_CASE("a step away from the counterpart's clock ends that contents may be destroyed") {
  Machine at(kCertified + hours(1));
  at.belief.set_in_step(true);
  at.hear(at.now.wall);
  REQUIRE(at.may_destroy());
  at.set(at.now.wall + days(6));  // NTP is wrong
  CHECK(at.belief.is_believed());
  CHECK_FALSE(at.may_destroy());
  at.set(at.now.wall - days(6));
  CHECK(at.may_destroy());
}

TEST_CASE("a counterpart seen by a run before counts for the seven days, too") {
  Machine before(kCertified + hours(1));
  before.hear(before.now.wall);
  const auto later = [&](milliseconds by) {
    Machine at(before.now.wall + by, before.belief.kept());
    at.belief.set_in_step(true);
    at.pass(milliseconds(0));
    return at.may_destroy();
  };
  CHECK(later(minutes(1)));
  CHECK(later(days(7)));
  CHECK_FALSE(later(days(7) + kMs));
  CHECK_FALSE(later(-kMs));
  Machine stepped(before.now.wall + minutes(1), before.belief.kept());
  stepped.belief.set_in_step(true);
  stepped.set(stepped.now.wall + days(3));
  CHECK_FALSE(stepped.may_destroy());
}

TEST_CASE("an officer's date lets contents go for a day and the Unix user's does not") {
  Machine at(kCertified + days(100));
  REQUIRE(at.type(at.now.wall, false));
  CHECK(at.belief.is_believed());
  CHECK_FALSE(at.may_destroy());
  REQUIRE(at.type(at.now.wall));
  CHECK(at.may_destroy());
  at.pass(hours(24));
  CHECK(at.may_destroy());
  at.pass(kMs);
  CHECK_FALSE(at.may_destroy());
  REQUIRE(at.type(at.now.wall));
  at.set(at.now.wall + minutes(6));
  CHECK_FALSE(at.may_destroy());
}

TEST_CASE("since when something waits is kept until it does not") {
  Machine at(kCertified);
  at.belief.set_waits(true);
  const WallTime since = at.now.wall;
  at.pass(hours(5));
  at.belief.set_waits(true);
  CHECK(at.belief.waits() == since);
  CHECK(Machine(at.now.wall, at.belief.kept()).belief.waits() == since);
  at.belief.set_waits(false);
  CHECK_FALSE(at.belief.waits().has_value());
}

}  // namespace blo::office
