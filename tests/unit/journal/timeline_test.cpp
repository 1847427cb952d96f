#include "journal/timeline.h"

#include <catch2/catch.hpp>

namespace blo::journal {

TEST_CASE("a timeline keeps the beginning and the end and counts what lies between") {
  Timeline timeline(10);
  for (std::uint64_t size = 1; size <= 10; ++size)
    timeline.add_receipt(size, Hash{}, from_unix_s(size));
  CHECK(timeline.left_out() == 0);
  CHECK(timeline.first().size() + timeline.last().size() == 10);

  for (std::uint64_t size = 11; size <= 5000; ++size)
    timeline.add_receipt(size, Hash{}, from_unix_s(size));
  CHECK(timeline.left_out() == 4990);
  REQUIRE(timeline.first().size() == 5);
  REQUIRE(timeline.last().size() == 5);
  CHECK(timeline.first().back().what == "receipt for the first 5 entries");
  CHECK(timeline.last().front().what == "receipt for the first 4996 entries");
  CHECK(timeline.last().back().time == from_unix_s(5000));
}

TEST_CASE("a timeline names an entry that is out of form and dates it by the one before") {
  Timeline timeline(4);
  ReadEntry entry;
  entry.index = 3;
  entry.refusal = RefusalReason::kMalformed;
  timeline.add(entry, true, Stamp{from_unix_s(7)});
  CHECK(timeline.first().at(0).what == "entry 3: out of form (does not hold)");
  CHECK(timeline.first().at(0).time == from_unix_s(7));
}

TEST_CASE(
    "a timeline tells what was named before the last two days from what may be of one session") {
  Timeline timeline(4, KeepReceipts::kAll);
  const auto add = [&](std::uint64_t hours, std::uint32_t generation, std::uint64_t size,
                       bool receipted = true) {
    const Stamp stamp{from_unix_s(hours * 3600), generation, size, Hash{}};
    ReadEntry entry;
    entry.entry = Entry{stamp, Bytes{}};
    if (receipted) entry.received = stamp.time;
    timeline.add(entry, true, stamp);
  };
  add(1, 0, 0);
  add(90, 0, 0);
  CHECK(timeline.named() == NamedHead{});
  add(100, 1, 5);
  add(101, 1, 7);
  add(148, 1, 7);
  add(900, 1, 7, false);  // nobody says that it was there by then
  CHECK(timeline.named() == NamedHead{1, 7});
  CHECK(timeline.long_named() == NamedHead{});
  add(149, 1, 7);
  CHECK(timeline.long_named() == NamedHead{1, 5});
  add(150, 2, 1);
  CHECK(timeline.named() == NamedHead{2, 1});
  CHECK(timeline.long_named() == NamedHead{1, 7});
}

}  // namespace blo::journal
