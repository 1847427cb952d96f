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
  timeline.add(entry, true, from_unix_s(7));
  CHECK(timeline.first().at(0).what == "entry 3: out of form (does not hold)");
  CHECK(timeline.first().at(0).time == from_unix_s(7));
}

}  // namespace blo::journal
