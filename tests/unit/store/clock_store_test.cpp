#include "store/clock_store.h"

#include "world.h"

namespace blo::store {
namespace {

using test::Folder;
using test::Rows;

constexpr WallTime kNoon{milliseconds(1'704'110'400'000)};

}  // namespace

TEST_CASE("what is known of the time is kept whole and replaced whole") {
  Folder folder;
  Rows rows(folder.file());
  auto& clock = rows.store->clock();
  CHECK_FALSE(clock.load().value().has_value());
  const ClockRow whole{kNoon, kNoon + milliseconds(1), kNoon + milliseconds(2),
                       kNoon + milliseconds(3)};
  for (const ClockRow& row : {whole, ClockRow{WallTime(), kNoon, {}, {}}}) {
    REQUIRE(clock.save(row).has_value());
    CHECK(clock.load().value() == row);
  }
}

TEST_CASE("erasures that are ahead are given up to a time and until they are removed") {
  Folder folder;
  Rows rows(folder.file());
  auto journal = rows.make_journal();
  auto& clock = rows.store->clock();
  for (std::uint64_t i = 0; i < 3; ++i) {
    REQUIRE(rows.append(journal, "erasure " + std::to_string(i)).has_value());
    REQUIRE(clock.put_ahead(journal, i, kNoon + std::chrono::days(i)).has_value());
  }
  CHECK(clock.ahead(kNoon - milliseconds(1), 10).value().empty());
  const auto two = clock.ahead(kNoon + std::chrono::days(1), 10).value();
  REQUIRE(two.size() == 2);
  CHECK((two[1].record.journal == journal.id && two[1].record.index == 1));
  CHECK(two[1].stamp == kNoon + std::chrono::days(1));
  REQUIRE(clock.remove_ahead(journal, two[0].record.index).has_value());
  CHECK(clock.ahead(WallTime::max(), 10).value().size() == 2);
  CHECK(clock.ahead(WallTime::max(), 1).value().size() == 1);
  const auto behind = clock.ahead(WallTime::max(), 1, two.front().record).value();
  REQUIRE(behind.size() == 1);
  CHECK(behind.front().record.index == two.back().record.index);
  const auto last = clock.ahead(WallTime::max(), 10, behind.front().record).value();
  REQUIRE(last.size() == 1);
  CHECK(last.front().record.index == 2);
  CHECK(clock.ahead(WallTime::max(), 10, last.front().record).value().empty());
}

TEST_CASE("an alarm that has a measure stands for what is no larger until that is forgotten") {
  Folder folder;
  Rows rows(folder.file());
  auto& alarms = rows.store->alarms();
  AlarmRow row;
  row.code = "clock-differs";
  row.subject = "TJ-FOTEHOBOD";
  row.measure = 400;
  const auto id = alarms.put(row, {}).value();
  const auto stands = [&](std::uint64_t measure) {
    return alarms.stands_measured(row.code, row.subject, measure).value();
  };
  CHECK(stands(10'000));  // it is open
  REQUIRE(alarms.acknowledge(id, {kNoon, 1, "seen"}).has_value());
  CHECK(stands(400));
  CHECK_FALSE(stands(401));
  REQUIRE(alarms.forget_measure(row.code, row.subject).has_value());
  CHECK_FALSE(stands(1));
}

}  // namespace blo::store
