#include "store/wait_store.h"

#include "world.h"

namespace blo::store {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using test::Folder;
using test::Rows;

constexpr Now kNow{WallTime(milliseconds(1'704'110'400'000)), SteadyTime(milliseconds(5'000'000))};

Now after(milliseconds time) { return {kNow.wall + time, kNow.steady + time}; }

}  // namespace

TEST_CASE("waiting goes on in the next run where it was and the time between counts") {
  Folder folder;
  WaitTime since;
  {
    Rows rows(folder.file());
    REQUIRE(rows.store->waits().keep(kNow).has_value());
    auto transaction = rows.store->begin().value();
    since = rows.store->waits().enter(after(seconds(30))).value();
    REQUIRE(transaction.commit().has_value());
    for (int minute = 1; minute <= 20; ++minute)
      REQUIRE(rows.store->waits().keep(after(minutes(minute))).has_value());
  }
  Rows rows(folder.file());
  auto& waits = rows.store->waits();
  const auto later = [](milliseconds time) {  // the steady clock began anew
    return Now{after(hours(10) + time).wall, SteadyTime(time)};
  };
  REQUIRE(waits.keep(later(seconds(1))).has_value());
  CHECK(since > waits.since(hours(1), later(seconds(5))));
  for (int second = 10; second <= 360; second += 5)
    REQUIRE(waits.keep(later(seconds(second))).has_value());
  CHECK(since <= waits.since(hours(10), later(minutes(6))));
  CHECK(since > waits.since(hours(11), later(minutes(6))));
  auto transaction = rows.store->begin().value();
  CHECK(waits.enter(later(minutes(6))).value() > since);
}

TEST_CASE("what a wrong clock left in the store does not stop the next start") {
  Folder folder;
  {
    Rows rows(folder.file());
    const Now before_all{WallTime(milliseconds(-5)), SteadyTime(milliseconds(5'000'000))};
    REQUIRE(rows.store->waits().keep(before_all).has_value());
    for (int second = 5; second <= 400; second += 5) {
      const Now now{before_all.wall - minutes(1), before_all.steady + seconds(second)};
      REQUIRE(rows.store->waits().keep(now).has_value());
    }
  }
  Rows rows(folder.file());
  REQUIRE(rows.store->waits().keep(kNow).has_value());
}

}  // namespace blo::store
