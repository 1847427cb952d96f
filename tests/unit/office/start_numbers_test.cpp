// Two daemons under one office's keys, and what must not be taken for them.
#include "office/start_numbers.h"

#include <catch2/catch.hpp>

namespace blo::office {
namespace {

constexpr std::uint64_t kOwn = 77;

SteadyTime at(int second) { return SteadyTime(seconds(1'000 + second)); }

bool theirs(StartNumbers& numbers, std::uint64_t number, int began) {
  return numbers.heard({number, 0}, kOwn, at(began)).theirs_runs_twice;
}
bool ours(StartNumbers& numbers, std::uint64_t number) {
  return numbers.heard({1, number}, kOwn, at(0)).ours_runs_twice;
}

}  // namespace

TEST_CASE("a daemon that is started again and again runs once") {
  StartNumbers numbers;
  for (int i = 1; i < 100; ++i) {
    CHECK_FALSE(theirs(numbers, static_cast<std::uint64_t>(i), 2 * i));
    CHECK_FALSE(theirs(numbers, static_cast<std::uint64_t>(i), 2 * i + 1));
    CHECK(numbers.last() == static_cast<std::uint64_t>(i));
  }
}

TEST_CASE("a start that comes back after another one runs beside it") {
  StartNumbers numbers;
  CHECK_FALSE(theirs(numbers, 1, 1));
  CHECK_FALSE(theirs(numbers, 2, 2));
  CHECK(theirs(numbers, 1, 3));
  CHECK(theirs(numbers, 2, 4));
}

TEST_CASE("a session that began before the restart and is heard after it is no second daemon") {
  StartNumbers numbers;
  CHECK_FALSE(theirs(numbers, 1, 1));
  CHECK_FALSE(theirs(numbers, 2, 5));
  CHECK_FALSE(theirs(numbers, 1, 3));
  CHECK(numbers.last() == 2);
  CHECK_FALSE(theirs(numbers, 2, 6));
}

TEST_CASE("a counterpart that was shown this start and then another has met a second daemon") {
  StartNumbers numbers;
  CHECK_FALSE(ours(numbers, 5));  // of the run before this one
  CHECK_FALSE(ours(numbers, kOwn));
  CHECK_FALSE(ours(numbers, 0));  // it was started again
  CHECK(ours(numbers, 6));
}

TEST_CASE("who shows no number is taken for nothing") {
  StartNumbers numbers;
  CHECK_FALSE(theirs(numbers, 1, 1));
  CHECK_FALSE(theirs(numbers, 0, 2));
  CHECK_FALSE(theirs(numbers, 1, 3));
  CHECK(numbers.last() == 1);
}

}  // namespace blo::office
