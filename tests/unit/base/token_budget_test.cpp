#include "base/token_budget.h"

#include <catch2/catch.hpp>

namespace blo {
namespace {

constexpr SteadyTime kStart{milliseconds(1'000'000)};

int taken(TokenBudget& budget, SteadyTime now, int tries) {
  int count = 0;
  for (int i = 0; i < tries; ++i) count += budget.take(now) ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("a budget gives so many at once and then one for each time that passed") {
  TokenBudget budget(3, seconds(60));
  CHECK(taken(budget, kStart, 100) == 3);
  CHECK(taken(budget, kStart + seconds(59), 100) == 0);
  CHECK(taken(budget, kStart + seconds(60), 100) == 1);
  CHECK(taken(budget, kStart + seconds(240), 100) == 3);
}

TEST_CASE("a budget that rested for ever gives no more than at first") {
  TokenBudget budget(2, seconds(1));
  CHECK(taken(budget, kStart, 1) == 1);
  CHECK(taken(budget, kStart + seconds(1'000'000), 100) == 2);
}

TEST_CASE("trying too often costs nothing") {
  TokenBudget budget(1, seconds(1));
  CHECK(taken(budget, kStart, 1000) == 1);
  CHECK(taken(budget, kStart + seconds(1), 1000) == 1);
}

}  // namespace blo
