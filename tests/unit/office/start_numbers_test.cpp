// Two daemons under one office's keys, and what must not be taken for them.
#include "office/start_numbers.h"

#include <catch2/catch.hpp>

namespace blo::office {
namespace {

SteadyTime at(int second) { return SteadyTime(seconds(1'000 + second)); }

bool theirs(StartNumbers& numbers, std::uint64_t number, int began) {
  return numbers.comes_back(number, at(began));
}

}  // namespace

TEST_CASE("a daemon that is started again and again runs once") {
  StartNumbers numbers;
  for (int i = 1; i < 100; ++i) {
    CHECK_FALSE(theirs(numbers, static_cast<std::uint64_t>(i), 2 * i));
    CHECK_FALSE(theirs(numbers, static_cast<std::uint64_t>(i), 2 * i + 1));
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
  CHECK_FALSE(theirs(numbers, 2, 6));
}

TEST_CASE("who shows no number is taken for nothing") {
  StartNumbers numbers;
  CHECK_FALSE(theirs(numbers, 1, 1));
  CHECK_FALSE(theirs(numbers, 0, 2));
  CHECK_FALSE(theirs(numbers, 1, 3));
}

}  // namespace blo::office
