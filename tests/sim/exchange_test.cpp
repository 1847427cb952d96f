// What two healthy offices do.
#include <catch2/catch.hpp>

#include "world.h"

namespace blo::sim {

TEST_CASE("a notice travels and its receipt comes back") {
  World world;
  const Said notice = world.a.say("a van with a false floor");
  CHECK(world.a.show(notice.number).state == office::MessageState::kQueued);
  world.connect();
  world.run();
  CHECK(world.a.show(notice.number).state == office::MessageState::kReceipted);
  CHECK(world.b.show(notice.number).content == notice.content);
  world.check_converged();
}

TEST_CASE("both directions go at once over one connection") {
  World world;
  world.connect();
  for (int i = 0; i < 10; ++i) {
    world.a.say("from UZ " + std::to_string(i));
    world.b.say("from TJ " + std::to_string(i));
    for (int step = 0; step < 5; ++step) world.step();
  }
  world.run();
  CHECK(world.connected());
  world.check_converged();
}

}  // namespace blo::sim
