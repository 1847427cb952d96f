#include <catch2/catch.hpp>

#include "journal/timeline.h"

namespace blo::journal {
namespace {

const Origin kThere = Origin::parse("live/UZ-OYBEK/TJ-FOTEHOBOD/1").value();
const Origin kBack = Origin::parse("live/TJ-FOTEHOBOD/UZ-OYBEK/1").value();

ReadEntry entry_at(std::uint64_t index, WallTime time) {
  ReadEntry entry;
  entry.index = index;
  entry.entry = Entry{{time}, Bytes()};
  return entry;
}

std::vector<std::string> words_of(const Timelines& timelines) {
  std::vector<std::string> words;
  for (const TimelineEvent& event : in_order(timelines))
    words.push_back(event.row == nullptr ? "left out" : event.row->what.substr(0, 7));
  return words;
}

TEST_CASE("an entry stands before the receipt over it though its clock ran ahead") {
  Timelines timelines;
  Timeline& there = timelines.journals.try_emplace(kThere, 100).first->second;
  there.add(entry_at(0, from_unix_ms(12'345)), true, {});
  there.add_receipt(1, Hash{}, from_unix_s(12));
  there.add(entry_at(1, from_unix_ms(500'000)), true, {});
  there.add_receipt(2, Hash{}, from_unix_s(20));
  Timeline& back = timelines.journals.try_emplace(kBack, 100).first->second;
  back.add(entry_at(5, from_unix_s(15)), true, {});
  CHECK(words_of(timelines) ==
        std::vector<std::string>{"entry 0", "receipt", "entry 5", "entry 1", "receipt"});
}

TEST_CASE("the newest receipt, which an export has twice, is one row") {
  Timelines timelines;
  Timeline& there = timelines.journals.try_emplace(kThere, 100).first->second;
  there.add(entry_at(0, from_unix_s(1)), true, {});
  there.add_receipt(1, Hash{}, from_unix_s(2));
  there.add_receipt(1, Hash{}, from_unix_s(2));
  CHECK(words_of(timelines) == std::vector<std::string>{"entry 0", "receipt"});
}

TEST_CASE("what is left out of a long journal stands where it would be") {
  Timelines timelines;
  Timeline& there = timelines.journals.try_emplace(kThere, 4).first->second;
  for (std::uint64_t i = 0; i < 9; ++i) there.add(entry_at(i, from_unix_s(100 + i)), true, {});
  CHECK(words_of(timelines) ==
        std::vector<std::string>{"entry 0", "entry 1", "left out", "entry 7", "entry 8"});
}

}  // namespace
}  // namespace blo::journal
