// A line that breaks all the time.
#include <catch2/catch.hpp>

#include "world.h"

namespace blo::sim {
namespace {

constexpr int kMessages = 200;

/// Says `kMessages` each way while the line breaks at random bytes; `perhaps` may do more harm.
int weather_storm(World& world, const std::function<void()>& perhaps) {
  int cuts = 0;
  for (int said = 0; said < kMessages;) {
    if (!world.a.end && !world.b.end) {
      world.connect();
      world.cut_after(world.random(20'000));
      ++cuts;
    }
    if (world.random(8) == 0) {
      world.a.say("from UZ " + std::to_string(said));
      world.b.say("from TJ " + std::to_string(said));
      ++said;
    }
    perhaps();
    if (!world.step()) world.pass(milliseconds(50));
  }
  world.cut_after(SIZE_MAX);
  world.converge();
  return cuts;
}

}  // namespace

TEST_CASE("two hundred messages each way converge over a line that breaks at random bytes") {
  World world;
  CHECK(weather_storm(world, [] {}) > 20);
  world.check_converged();
  CHECK(world.a.said.size() == kMessages);
  CHECK(world.b.pair().received->row.refused == 0);
}

TEST_CASE("they converge when bytes come one by one and late") {
  World world(7);
  world.weather = {3000, 3};
  for (int i = 0; i < 4; ++i) {
    world.a.say("slow " + std::to_string(i));
    world.b.say("slow " + std::to_string(i));
  }
  world.connect();
  world.run();
  world.check_converged();
}

TEST_CASE("two hundred messages each way converge while both offices keep dying") {
  World world(3);
  int crashes = 0;
  weather_storm(world, [&] {
    if (world.random(60) != 0) return;
    world.crash(world.random(2) == 0 ? world.a : world.b);
    ++crashes;
  });
  world.check_converged();
  CHECK(crashes > 10);
}

}  // namespace blo::sim
