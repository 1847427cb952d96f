// When a counterpart is dialled again, by a clock that the test turns.
#include "transport/dialling.h"

#include <catch2/catch.hpp>

namespace blo::transport {
namespace {

constexpr SteadyTime kStart{milliseconds(1'000'000)};
constexpr std::uint32_t kShortest = 0;  // of what chance may give

/// Runs `time` of a counterpart with whom every session ends `after` it began, and gives how many
/// there were.
int sessions_within(milliseconds time, milliseconds after, const Ended& how,
                    Errand errand = Errand::kExchange) {
  Dialling dialling;
  int sessions = 0;
  for (SteadyTime now = kStart; now < kStart + time; now += milliseconds(50)) {
    if (!dialling.due(now, errand)) continue;
    dialling.began();
    dialling.opened();
    now += after;
    dialling.ended(now, how, kShortest);
    ++sessions;
  }
  return sessions;
}

constexpr milliseconds kHour{3'600'000};

}  // namespace

TEST_CASE("a session that syncs and then ends is not dialled in a storm") {
  // Ten doublings, and then one every two and a half minutes at the shortest.
  CHECK(sessions_within(kHour, milliseconds(100), {milliseconds(100)}) <= 11 + 24);
  CHECK(sessions_within(seconds(10), milliseconds(100), {milliseconds(100)}) <= 7);
}

TEST_CASE("a session whose line breaks at once is not dialled in a storm either") {
  CHECK(sessions_within(kHour, milliseconds(10), {milliseconds(10), true}) <= 11 + 24);
}

TEST_CASE("a line that breaks every half minute is in use for half of the time") {
  const int sessions = sessions_within(kHour, seconds(30), {seconds(30), true});
  CHECK(sessions * 30 >= 1800);
}

TEST_CASE("the same session ended by one side does not come back as often") {
  CHECK(sessions_within(kHour, seconds(30), {seconds(30), false}) < 36);
}

TEST_CASE("the wait begins anew after a session that was of use for a minute and no sooner") {
  for (const auto& [of_use, wait] :
       {std::pair(seconds(59), Dialling::kMax / 2), std::pair(seconds(60), Dialling::kFirst / 2)}) {
    Dialling dialling;
    for (int i = 0; i < 20; ++i) dialling.failed(kStart, kShortest);
    dialling.ended(kStart, {of_use}, kShortest);
    CHECK(dialling.wait(kStart) == wait);
  }
}

TEST_CASE("nobody is dialled for nothing and nobody twice at once") {
  Dialling dialling;
  CHECK_FALSE(dialling.due(kStart, Errand::kNone));
  CHECK(dialling.due(kStart, Errand::kExchange));
  dialling.began();
  CHECK_FALSE(dialling.due(kStart, Errand::kExchange));
  dialling.given_up();
  CHECK(dialling.due(kStart, Errand::kExchange));
}

TEST_CASE("an office that has all it lost is dialled every five minutes at most") {
  const Ended how{milliseconds(100)};
  CHECK(sessions_within(kHour, milliseconds(100), how, Errand::kAnswer) <= 12);
  CHECK(sessions_within(kHour, milliseconds(100), how, Errand::kAnswer) >= 11);
}

TEST_CASE("the wait begins anew when a person did something") {
  Dialling dialling;
  for (int i = 0; i < 20; ++i) dialling.ended(kStart, {}, kShortest);
  CHECK(dialling.wait(kStart) == Dialling::kMax / 2);
  dialling.soon();
  CHECK(dialling.due(kStart, Errand::kAnswer));
  dialling.ended(kStart, {}, kShortest);
  CHECK(dialling.wait(kStart) == Dialling::kFirst / 2);
}

TEST_CASE("chance keeps each wait between half of it and all of it") {
  for (const std::uint32_t random : {0U, 1U, 12'345U, 0xFFFF'FFFFU}) {
    Dialling dialling;
    dialling.failed(kStart, random);
    CHECK(dialling.wait(kStart) >= Dialling::kFirst / 2);
    CHECK(dialling.wait(kStart) <= Dialling::kFirst);
  }
}

}  // namespace blo::transport
