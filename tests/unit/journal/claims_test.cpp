#include "journal/across/claims.h"

#include <catch2/catch.hpp>

#include "world.h"

namespace blo::journal {
namespace {

constexpr std::chrono::hours kDay{24};

/// A journal begun and one officer introduced, under a receipt a minute after its start.
struct Begun {
  Begun() {
    journal.start();
    journal.introduce(officer);
    for (const Bytes& leaf : journal.leaves)
      static_cast<void>(reader.read(parse_leaf(leaf), StampVerdict::kHolds, received));
  }

  /// Reads the newest leaf as one that had its receipt then.
  ReadEntry read(std::optional<WallTime> receipt) {
    return reader.read(parse_leaf(journal.leaves.back()), StampVerdict::kHolds, receipt);
  }
  ReadEntry say(WallTime stamped, std::optional<WallTime> receipt, std::uint8_t number = 1) {
    journal.stamp.time = stamped - std::chrono::seconds(1);
    journal.message(officer, number);
    return read(receipt);
  }

  TestOffice uz{"UZ-OYBEK"};
  TestOffice tj{"TJ-FOTEHOBOD"};
  TestJournal journal{uz, tj};
  TestOfficer officer = uz.officer();
  Reader reader{journal.origin, uz.office};
  WallTime received = kStart + std::chrono::minutes(1);
};

}  // namespace

TEST_CASE("a stamp is a claim from a millisecond more than a day after its receipt on") {
  CHECK_FALSE(is_claim(kStart + kDay, kStart));
  CHECK(is_claim(kStart + kDay + milliseconds(1), kStart));
  CHECK_FALSE(is_claim(kStart + 400 * kDay, std::nullopt));
  CHECK_FALSE(is_claim(kStart - 400 * kDay, kStart));
}

TEST_CASE("a claim bounds nothing, and is judged at its receipt's time") {
  Begun begun;
  const WallTime before = begun.reader.last_stamp().time;
  for (const auto ahead : {kDay + std::chrono::hours(1), 364 * kDay, 3'000 * kDay}) {
    const ReadEntry claim = begun.say(begun.received + ahead, begun.received);
    CHECK_FALSE(claim.refusal);
    CHECK(claim.claim);
    CHECK(claim.judged_at == begun.received);
    CHECK(claim.dated() == begun.received);
    CHECK(begun.reader.last_stamp().time == before);
  }
  const ReadEntry next = begun.say(begun.received, begun.received, 2);
  CHECK_FALSE(next.refusal);
  CHECK_FALSE(next.claim);
  CHECK(begun.reader.last_stamp().time == begun.received);
}

TEST_CASE("what is a day ahead to the millisecond is no claim, and bounds what follows") {
  Begun begun;
  CHECK_FALSE(begun.say(begun.received + kDay, begun.received).claim);
  const ReadEntry back = begun.say(begun.received, begun.received, 2);
  CHECK(back.refusal == RefusalReason::kMalformed);
  CHECK(back.stamp == StampOrder::kTimeGoesBack);
}

TEST_CASE("what has no receipt yet bounds what follows, however far ahead") {
  Begun begun;
  CHECK_FALSE(begun.say(begun.received + 300 * kDay, std::nullopt).claim);
  CHECK(begun.say(begun.received, std::nullopt, 2).refusal == RefusalReason::kMalformed);
}

TEST_CASE("a claim makes no certificate valid, and none over") {
  Begun begun;
  const TestOfficer coming = begun.uz.officer({.person = 9, .not_after = kStart + 700 * kDay});
  begun.journal.stamp.time = begun.received + 2'000 * kDay;  // all certificates are over then
  begun.journal.introduce(coming);
  CHECK_FALSE(begun.read(begun.received).refusal);
  const WallTime late = kStart + 366 * kDay;  // those of the office and of person 7 are over
  CHECK(begun.say(kStart + 400 * kDay, late).refusal == RefusalReason::kUnauthorised);
}

TEST_CASE("the head in a claim does not go back") {
  Begun begun;
  begun.journal.stamp.generation = 1;
  begun.journal.stamp.size = 7;
  CHECK_FALSE(begun.say(begun.received, begun.received).refusal);
  begun.journal.stamp.size = 6;
  const ReadEntry back = begun.say(begun.received + 400 * kDay, begun.received, 2);
  CHECK(back.claim);
  CHECK(back.refusal == RefusalReason::kMalformed);
  CHECK(begun.reader.last_stamp().size == 7);
}

TEST_CASE("the time in a trail goes back, which is told and not refused") {
  Begun begun;
  TestJournal trail(begun.uz, begun.uz);
  Reader reader(trail.origin, begun.uz.office);
  trail.start();
  trail.stamp.time += 300 * kDay;
  trail.introduce(begun.officer);
  trail.stamp.time -= 300 * kDay;
  trail.append(PeerRefused{"TJ-FOTEHOBOD", "nobody"});
  std::vector<ReadEntry> read;
  for (const Bytes& leaf : trail.leaves)
    read.push_back(reader.read(parse_leaf(leaf), StampVerdict::kHolds));
  CHECK_FALSE(read[1].refusal);
  CHECK_FALSE(read[2].refusal);
  CHECK(read[2].stamp == StampOrder::kTimeGoesBack);
  CHECK(reader.last_stamp().time == trail.stamp.time);
}

}  // namespace blo::journal
