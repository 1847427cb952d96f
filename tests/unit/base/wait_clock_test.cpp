#include "base/wait_clock.h"

#include <catch2/catch.hpp>
#include <map>

namespace blo {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr milliseconds kAtOnce{0};

/// A machine with a wall clock that may be wrong, and an office on it that looks every five
/// seconds, keeps a mark every minute, and knows nothing else of the runs before.
class Machine {
 public:
  Machine() { start(); }

  void start() {
    steady_ = SteadyTime(milliseconds(++boots_ * 1'000'000));
    std::vector<TimeOff> off;
    for (const auto& [at, length] : off_) off.push_back({at, length});
    clock_ = WaitClock(mark_, std::move(off));
    look();
  }
  void run(milliseconds time) {
    for (milliseconds done(0); done < time; done += seconds(5)) {
      const milliseconds step = std::min<milliseconds>(seconds(5), time - done);
      steady_ += step;
      true_ += step;
      look();
    }
  }
  /// The power is cut, and comes back: what was not kept is lost.
  void off_for(milliseconds time) {
    true_ += time;
    start();
  }
  void set_clock_wrong_by(milliseconds error) { error_ = error; }
  void hear_counterpart() { clock_.compare(WallTime(true_), now()); }

  WaitTime enter() {
    keep();
    return clock_.at(steady_);
  }
  bool waited(WaitTime since, milliseconds patience) {
    return since <= clock_.since(patience, now());
  }

 private:
  Now now() const { return {WallTime(true_ + error_), steady_}; }
  void look() {
    const WaitTime here = clock_.at(steady_);
    static_cast<void>(clock_.since(kAtOnce, now()));
    if (!mark_ || here - mark_->at >= minutes(1)) keep();
  }
  void keep() {
    const auto kept = clock_.to_keep(now());
    mark_ = kept.mark;
    off_.erase(kept.off.at);
    if (kept.off.length > kAtOnce) off_[kept.off.at] = kept.off.length;
  }

  WaitClock clock_;
  std::optional<WaitMark> mark_;
  std::map<WaitTime, milliseconds> off_;
  SteadyTime steady_;
  int boots_ = 0;
  milliseconds true_{1'704'110'400'000};
  milliseconds error_{0};
};

/// Waited so long, within `error`.
void check_waited(Machine& machine, WaitTime since, milliseconds time,
                  milliseconds error = minutes(1)) {
  CHECK(machine.waited(since, time - error));
  CHECK_FALSE(machine.waited(since, time + error));
}

}  // namespace

TEST_CASE("waiting counts on the steady clock wherever the wall clock is and goes") {
  for (const milliseconds error : {milliseconds(0), milliseconds(days(400)),
                                   milliseconds(-days(19'000)), milliseconds(hours(5))}) {
    Machine machine;
    machine.set_clock_wrong_by(error);
    const auto since = machine.enter();
    machine.run(seconds(8));
    machine.set_clock_wrong_by(kAtOnce);
    machine.run(hours(1));
    check_waited(machine, since, hours(1), seconds(30));
    machine.set_clock_wrong_by(-days(365));
    machine.run(minutes(1));
    check_waited(machine, since, minutes(61), seconds(30));
    machine.set_clock_wrong_by(kAtOnce);
    machine.run(minutes(29));
    check_waited(machine, since, minutes(90), seconds(30));
  }
}

TEST_CASE("a restart every hour loses nothing") {
  Machine machine;
  machine.run(minutes(10));
  const auto since = machine.enter();
  for (int hour = 0; hour < 26; ++hour) {
    machine.run(hours(1));
    machine.off_for(seconds(2));
  }
  machine.run(minutes(6));
  check_waited(machine, since, hours(26) + minutes(7), minutes(2));
}

TEST_CASE("the time the machine was off counts for what waited before and for nothing else") {
  Machine machine;
  machine.run(minutes(10));
  const auto before = machine.enter();
  machine.off_for(days(3));
  const auto after = machine.enter();
  machine.run(minutes(1));
  check_waited(machine, before, minutes(6));  // nobody knows yet whether the clock is right
  machine.run(minutes(9));
  check_waited(machine, before, days(3) + minutes(10));
  check_waited(machine, after, minutes(10));
  machine.off_for(hours(5));
  machine.run(minutes(10));
  check_waited(machine, before, days(3) + hours(5) + minutes(20));
  check_waited(machine, after, hours(5) + minutes(20));
}

TEST_CASE("a counterpart whose clock agrees vouches for the time off at once") {
  Machine machine;
  machine.run(minutes(10));
  const auto since = machine.enter();
  machine.off_for(days(3));
  machine.hear_counterpart();
  check_waited(machine, since, days(3));
  machine.off_for(days(1));
  machine.set_clock_wrong_by(hours(5));
  machine.hear_counterpart();
  CHECK_FALSE(machine.waited(since, minutes(10)));
}

TEST_CASE("of a clock that starts wrong nothing is left once it is right") {
  const milliseconds error = GENERATE(milliseconds(days(400)), milliseconds(-days(19'000)));
  const milliseconds for_long = GENERATE(milliseconds(seconds(8)), milliseconds(hours(2)));
  Machine machine;
  machine.run(minutes(10));
  const auto before = machine.enter();
  machine.off_for(hours(3));
  machine.set_clock_wrong_by(error);
  const auto meanwhile = machine.enter();
  machine.run(for_long);
  machine.set_clock_wrong_by(kAtOnce);
  machine.run(minutes(10));
  check_waited(machine, before, hours(3) + for_long + minutes(10));
  check_waited(machine, meanwhile, for_long + minutes(10));
  machine.off_for(hours(1));
  machine.run(minutes(10));
  check_waited(machine, before, hours(4) + for_long + minutes(20));
  check_waited(machine, meanwhile, hours(1) + for_long + minutes(20));
}

TEST_CASE("a whole run under an empty clock is bridged by the next") {
  Machine machine;
  machine.run(minutes(10));
  const auto before = machine.enter();
  machine.off_for(hours(3));
  machine.set_clock_wrong_by(-days(19'000));
  machine.run(hours(2));
  const auto meanwhile = machine.enter();
  machine.off_for(hours(1));
  machine.set_clock_wrong_by(kAtOnce);
  machine.run(minutes(10));
  check_waited(machine, before, hours(6) + minutes(10));
  check_waited(machine, meanwhile, minutes(10));  // which of the time off it saw nobody knows
}

TEST_CASE(
    "a whole run under a clock ahead holds no later time off back once a counterpart agrees") {
  Machine machine;
  machine.set_clock_wrong_by(days(400));
  machine.run(hours(2));
  machine.off_for(minutes(1));
  machine.set_clock_wrong_by(kAtOnce);
  machine.run(hours(1));
  const auto since = machine.enter();
  machine.hear_counterpart();
  machine.run(minutes(2));
  machine.off_for(days(2));
  machine.run(minutes(10));
  check_waited(machine, since, days(2) + minutes(12));
}

}  // namespace blo
