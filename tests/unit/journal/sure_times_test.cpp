#include "journal/across/sure_times.h"

#include <catch2/catch.hpp>

#include "world.h"

namespace blo::journal {
namespace {

constexpr std::chrono::hours kHour{1};

/// A journal begun and one officer introduced; the certificate ends a year after the start.
struct Begun {
  Begun() {
    journal.start();
    journal.introduce(officer);
    for (const Bytes& leaf : journal.leaves)
      static_cast<void>(reader.read(parse_leaf(leaf), StampVerdict::kHolds));
  }

  ReadEntry say(WallTime stamped, bool unsure, std::optional<WallTime> received = std::nullopt) {
    journal.stamp.time = stamped - seconds(1);
    journal.stamp.unsure = unsure;
    journal.message(officer, ++number);
    return reader.read(parse_leaf(journal.leaves.back()), StampVerdict::kHolds, received);
  }

  TestOffice uz{"UZ-OYBEK"};
  TestOffice tj{"TJ-FOTEHOBOD"};
  TestJournal journal{uz, tj};
  TestOfficer officer = uz.officer();
  Reader reader{journal.origin, uz.office};
  std::uint8_t number = 0;
};

}  // namespace

TEST_CASE("an unsure time authorises by the latest sure one that is not later, else by the last") {
  KeptSureTimes times;
  CHECK(times.authorising(kStart) == kStart);
  times.begin(kStart + 2 * kHour);
  CHECK(times.authorising(kStart) == kStart + 2 * kHour);
  CHECK(times.authorising(kStart + 4 * kHour) == kStart + 4 * kHour);
  for (const int hour : {1, 1, 3, 5}) times.add(kStart + hour * kHour);
  CHECK(times.authorising(kStart) == kStart + 5 * kHour);
  CHECK(times.authorising(kStart + kHour) == kStart + kHour);
  CHECK(times.authorising(kStart + 4 * kHour) == kStart + 3 * kHour);
  CHECK(times.authorising(kStart + 9 * kHour) == kStart + 5 * kHour);
  times.add(kStart + 2 * kHour);  // as in a trail whose clock was set back
  CHECK(times.authorising(kStart + 4 * kHour) == kStart + 3 * kHour);
  CHECK(times.authorising(kStart + 2 * kHour) == kStart + 2 * kHour);
  CHECK(times.authorising(kStart) == kStart + 2 * kHour);
}

TEST_CASE("an unsure stamp goes back or ahead, and bounds nothing") {
  Begun begun;
  const WallTime before = begun.reader.last_stamp().time;
  for (const int hours : {-9'000, 9'000, -1, 1}) {
    const ReadEntry unsure = begun.say(kStart + hours * kHour, true);
    CHECK_FALSE(unsure.refusal);
    CHECK_FALSE(unsure.is_sure());
    CHECK(begun.reader.last_stamp().time == before);
  }
  CHECK_FALSE(begun.say(before + seconds(1), false).refusal);
  CHECK(begun.say(before, false).refusal == RefusalReason::kMalformed);
}

TEST_CASE("certificates are judged at the time that authorises an unsure stamp") {
  Begun begun;
  const WallTime last = begun.reader.last_stamp().time;
  CHECK(begun.say(kStart + 400 * 24 * kHour, true).judged_at == last);  // the certificate is over
  CHECK_FALSE(begun.say(kStart + 400 * 24 * kHour, true).refusal);
  const WallTime over = kStart + 366 * 24 * kHour;
  CHECK(begun.say(over, false).refusal == RefusalReason::kUnauthorised);
  CHECK(begun.say(kStart + kHour, true).judged_at == last);
  CHECK(begun.say(over + kHour, true).refusal == RefusalReason::kUnauthorised);
}

TEST_CASE("a claim is judged at its receipt's time but not before the newest sure one") {
  Begun begun;
  const WallTime newest = begun.reader.last_stamp().time;
  CHECK(begun.say(kStart + 900 * kHour, false, newest + kHour).judged_at == newest + kHour);
  CHECK(begun.say(kStart + 900 * kHour, false, newest - kHour).judged_at == newest);
  CHECK(begun.reader.last_stamp().time == newest);
}

TEST_CASE("a claim that is unsure is judged at its receipt's time") {
  Begun begun;
  const ReadEntry claim = begun.say(kStart + 900 * kHour, true, kStart + kHour);
  CHECK(claim.claim);
  CHECK(claim.judged_at == kStart + kHour);
}

TEST_CASE("a stamp's clock_unsure stands there only where it says so") {
  Begun begun;
  begun.say(kStart + kHour, true);
  const auto unsure = Entry::parse(begun.journal.leaves.back());
  REQUIRE(unsure.has_value());
  CHECK(unsure->stamp.unsure);
  Entry sure = *unsure;
  sure.stamp.unsure = false;
  CHECK(sure.encode().size() + 2 == begun.journal.leaves.back().size());
}

}  // namespace blo::journal
