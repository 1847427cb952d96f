// What a counterpart may have us store in a day, by a clock that the test turns.
#include "office/quota.h"

#include <catch2/catch.hpp>

namespace blo::office {
namespace {

using std::chrono::hours;

constexpr SteadyTime kStart{hours(1'000) + milliseconds(1'800'000)};
constexpr QuotaLimits kLimits{100, 10'000, 10};

}  // namespace

TEST_CASE("a quota holds back from the limit on until the day has passed") {
  Quota quota;
  CHECK(quota.wait(kLimits, kStart) == milliseconds(0));
  quota.add({99, 0, 0}, kStart);
  CHECK(quota.wait(kLimits, kStart) == milliseconds(0));
  quota.add({1, 0, 0}, kStart);
  const auto wait = quota.wait(kLimits, kStart);
  CHECK(wait > hours(24));
  CHECK(wait <= hours(25));
  CHECK(quota.wait(kLimits, kStart + wait - milliseconds(1)) == milliseconds(1));
  CHECK(quota.wait(kLimits, kStart + wait) == milliseconds(0));
}

TEST_CASE("entries, bytes and refusals each have their limit") {
  for (const Load& load : {Load{100, 0, 0}, Load{1, 10'000, 0}, Load{1, 0, 10}}) {
    Quota quota;
    quota.add(load, kStart);
    CHECK(quota.wait(kLimits, kStart) > milliseconds(0));
  }
}

TEST_CASE("no 24 hours see more than the limit and one batch") {
  Quota quota;
  std::deque<SteadyTime> taken;
  for (SteadyTime now = kStart; now < kStart + hours(100); now += std::chrono::minutes(7)) {
    while (quota.wait(kLimits, now) == milliseconds(0)) {
      quota.add({1, 0, 0}, now);
      taken.push_back(now);
      REQUIRE(taken.size() <= 2 * kLimits.entries);  // else it never ends
    }
    while (!taken.empty() && now - taken.front() >= hours(24)) taken.pop_front();
    REQUIRE(taken.size() <= kLimits.entries);
  }
}

TEST_CASE("room comes back hour by hour as it was used") {
  Quota quota;
  for (int i = 0; i < 10; ++i) quota.add({10, 0, 0}, kStart + hours(i));
  const SteadyTime now = kStart + hours(10);
  const auto wait = quota.wait(kLimits, now);
  CHECK(wait <= hours(15));
  CHECK(wait > hours(14));
}

TEST_CASE("what does not wait is taken from a reserve that has an end, too") {
  Intake intake;
  intake.taken(kLimits, {100, 0, 0}, kStart);
  CHECK(intake.wait(kLimits, false, kStart) > milliseconds(0));
  CHECK(intake.wait(kLimits, true, kStart) == milliseconds(0));
  intake.taken(kLimits, {kReserveOfADay.entries, 0, 0}, kStart);
  CHECK(intake.wait(kLimits, true, kStart) > milliseconds(0));
  CHECK(intake.wait(kLimits, true, kStart + hours(25)) == milliseconds(0));
}

TEST_CASE("the reserve is not used while the quota has room") {
  Intake intake;
  for (int i = 0; i < 99; ++i) intake.taken(kLimits, {1, 0, 0}, kStart);
  CHECK(intake.wait(kLimits, false, kStart) == milliseconds(0));
  intake.taken(kLimits, {1, 0, 0}, kStart);
  intake.taken(kLimits, {kReserveOfADay.entries - 1, 0, 0}, kStart);
  CHECK(intake.wait(kLimits, true, kStart) == milliseconds(0));
}

TEST_CASE("a list of a million entries fits into a day") {
  Intake intake;
  for (int batch = 0; batch < 1'000; ++batch) {
    REQUIRE(intake.wait(kQuotaOfADay, false, kStart) == milliseconds(0));
    intake.taken(kQuotaOfADay, {1'000, 2 << 20, 0}, kStart);
  }
}

TEST_CASE("what is no entry waits like the rest") {
  CHECK_FALSE(does_not_wait({}));
  CHECK_FALSE(does_not_wait(Bytes(100, 0xff)));
}

}  // namespace blo::office
