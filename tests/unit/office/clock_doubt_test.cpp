#include "office/clock_doubt.h"

#include <catch2/catch.hpp>

#include "../../sim/kit.h"
#include "office/office.h"

namespace blo::office {
namespace {

const Now kNow{sim::kStart, SteadyTime(milliseconds(1))};
const Now kEmptyBattery{WallTime(), SteadyTime(milliseconds(1))};

Result<std::uint64_t> enter(Office& office, Now now) {
  TrailEntry entry;
  entry.act.request = 1;
  entry.act.subject = "something";
  return office.trail().enter(entry, now);
}

std::uint32_t generation(Office& office) {
  return office.trail().head()->checkpoint.origin.generation;
}

TEST_CASE("a clock is believed while the certificates of the office and its authority hold") {
  const sim::Kit kit("UZ-OYBEK");
  const auto keys = kit.keys();
  const auto& ours = keys.certificate.details();
  const auto& authority = keys.authority.details();
  CHECK(clock_doubt(keys, sim::kStart).empty());
  CHECK(clock_doubt(keys, ours.not_before).empty());
  CHECK(clock_doubt(keys, ours.not_after).empty());
  CHECK(clock_doubt(keys, ours.not_before - milliseconds(1)) ==
        "the office certificate of UZ-OYBEK does not hold before " + to_rfc3339(ours.not_before));
  CHECK(clock_doubt(keys, ours.not_after + milliseconds(1)) ==
        "the office certificate of UZ-OYBEK does not hold after " + to_rfc3339(ours.not_after));
  CHECK(clock_doubt(keys, WallTime()) ==
        "the authority certificate of UZ does not hold before " + to_rfc3339(authority.not_before));
}

TEST_CASE(
    "nothing enters the generation of a restored backup while the clock is in doubt or after") {
  const sim::Folder folder;
  const sim::Kit kit("UZ-OYBEK");
  const auto path = folder.path() / "store.db";
  {
    const auto office = Office::open(kit.keys(), path).value();
    REQUIRE(enter(*office, kNow).has_value());
    CHECK(generation(*office) == 1);
  }
  REQUIRE(store::mark_put_back(path, {sim::kStart, sim::kStart}).has_value());
  const auto office = Office::open(kit.keys(), path).value();
  const auto begun = office->begin_after_restore(kEmptyBattery);
  REQUIRE_FALSE(begun.has_value());
  CHECK(begun.error() == OfficeError::kNoValidTime);
  CHECK_FALSE(enter(*office, kEmptyBattery).has_value());
  CHECK(office->alarms().count_open().value() == 0);

  SECTION("an act comes first") {
    REQUIRE(enter(*office, kNow).has_value());
    CHECK(generation(*office) > 1);
  }
  REQUIRE(office->begin_after_restore(kNow).has_value());
  CHECK(generation(*office) > 1);
  CHECK(office->alarms().list(true).value().back().code == "restored");
  REQUIRE(office->begin_after_restore(kNow).has_value());
  CHECK(office->alarms().count_open().value() == 1);
}

TEST_CASE("setting a clock right is no jump and setting it wrong is one") {
  const sim::Folder folder;
  const sim::Kit kit("UZ-OYBEK");
  const auto office = Office::open(kit.keys(), folder.path() / "store.db").value();
  REQUIRE(office->watch_clock(kEmptyBattery).has_value());
  REQUIRE(office->watch_clock(kNow).has_value());
  CHECK(office->alarms().count_open().value() == 0);
  REQUIRE(office->watch_clock({kNow.wall + std::chrono::days(20), kNow.steady}).has_value());
  CHECK(office->alarms().list(true).value().back().code == "clock-skew");
}

}  // namespace
}  // namespace blo::office
