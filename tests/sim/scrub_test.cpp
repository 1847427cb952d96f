// The scrub, while messages flow and stores are cut.
#include <catch2/catch.hpp>

#include "old_store.h"

namespace blo::sim {
namespace {

std::optional<store::Scrubbed> scrubbed(Node& node) {
  return node.office->store().scrubbed().value();
}

/// Time passes until it reads.
void until_scrubbing(World& world, Node& node) {
  for (int i = 0; !node.office->scrubbing(); ++i) {
    REQUIRE(i < 2 * office::Scrub::kFirstAfter / seconds(1));
    world.pass(seconds(1));
  }
}

void check_sound(Node& node) {
  REQUIRE(scrubbed(node).has_value());
  CHECK(scrubbed(node)->damaged == 0);
  for (const auto& alarm : node.office->alarms().list(true).value()) CHECK(alarm.code != "damaged");
}

}  // namespace

TEST_CASE("a scrub runs by the world's clock while messages flow and finds both stores sound") {
  World world;
  for (int i = 0; i < 300; ++i) {
    world.a.say("of before " + std::to_string(i));
    world.b.say("of before " + std::to_string(i));
  }
  world.connect();
  world.run();
  CHECK_FALSE(scrubbed(world.a).has_value());
  until_scrubbing(world, world.a);
  int seconds_of_it = 0;
  for (; !scrubbed(world.a) || !scrubbed(world.b); ++seconds_of_it) {
    REQUIRE(seconds_of_it < 60);
    world.a.say("of meanwhile " + std::to_string(seconds_of_it));
    world.b.say("of meanwhile " + std::to_string(seconds_of_it));
    world.pass(seconds(1));
  }
  CHECK(seconds_of_it > 5);  // in slices, and each second one
  world.converge();
  world.check_converged();
  check_sound(world.a);
  check_sound(world.b);
}

TEST_CASE("a scrub under way begins anew where a journal was cut, and finds the rest sound") {
  World world;
  for (int i = 0; i < 300; ++i) world.b.say("message " + std::to_string(i));
  world.converge();
  const auto disk = copy_of(world, world.a);
  exchange(world, 3);
  put_back(world, world.a, disk);
  world.a.say("accepted on the old store");
  until_scrubbing(world, world.a);
  // What it accepted leaves the journal; what had stood there is given back in its place.
  give_back(world, world.a);
  REQUIRE(world.a.office->scrubbing());
  go_on(world.a);
  world.cut();
  for (int i = 0; i < 60 && !scrubbed(world.a); ++i) world.pass(seconds(1));
  check_sound(world.a);
  world.converge();
  world.check_converged();
}

TEST_CASE("an office that was killed during a scrub begins it again") {
  World world;
  for (int i = 0; i < 300; ++i) world.a.say("message " + std::to_string(i));
  world.converge();
  until_scrubbing(world, world.a);
  world.crash(world.a);
  CHECK_FALSE(world.a.office->scrubbing());
  CHECK_FALSE(scrubbed(world.a).has_value());
  until_scrubbing(world, world.a);
  world.pass(seconds(30));
  check_sound(world.a);
  CHECK(scrubbed(world.a)->entries > 300);
}

}  // namespace blo::sim
