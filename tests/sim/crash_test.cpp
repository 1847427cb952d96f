// Processes that die at the worst moments.
#include <catch2/catch.hpp>

#include "world.h"

namespace blo::sim {
namespace {

/// What the sweep below interrupts: messages both ways over one connection.
class Script {
 public:
  explicit Script(World& world) : world_(world) { world.weather.segment_bytes_max = 700; }

  /// One event of the script; false when it is over.
  bool next() {
    switch (events_++) {
      case 0: world_.a.say("first"); return true;
      case 1: connect(); return true;
      case 12: world_.b.say("answer"); return true;
      case 20: world_.a.say("second"); return true;
      case 21: world_.b.say("third"); return true;
      default: return connect() || world_.step();
    }
  }

 private:
  bool connect() {
    if (world_.a.end || world_.b.end) return false;
    world_.connect();
    return true;
  }
  World& world_;
  int events_ = 0;
};

/// Runs the script with a crash after each `at`-th event of it; false when it ends before the
/// first.
bool crash_in_script(std::initializer_list<int> at, bool a_dies) {
  World world;
  Script script(world);
  int event = 0;
  bool crashed = false;
  while (script.next()) {
    if (std::ranges::find(at, ++event) == at.end()) continue;
    world.crash(a_dies ? world.a : world.b);
    crashed = true;
    if (event > 200) break;
  }
  world.converge();
  REQUIRE(world.a.said.size() == 2);
  world.check_converged();
  return crashed;
}

}  // namespace

TEST_CASE("a receiver that dies between commit and receipt gives the same receipt again") {
  World world;
  world.a.say("durable there before the receipt is here");
  world.connect();
  while (world.b.received_size() < world.a.sent_size()) REQUIRE(world.step());
  const auto given = world.b.pair().received->head.value();
  REQUIRE(world.b.has<sync::Receipt>(true));  // made, and not on the line
  REQUIRE_FALSE(world.b.end->session.to_send().empty());
  world.crash(world.b);
  REQUIRE_FALSE(world.a.pair().sent->head);

  world.pass(seconds(100));  // a new receipt would have another time
  world.converge();
  const auto& got = world.a.pair().sent->head.value();
  CHECK(got.checkpoint == given.checkpoint);
  CHECK(got.receipt.time_s == given.receipt.time_s);
  CHECK(got.receipt.signature == given.receipt.signature);
  CHECK_FALSE(world.a.has<sync::Items>(true));  // it came with the heads, not with a new batch
  world.check_converged();
}

TEST_CASE("a sender that dies after accepting sends what it accepted") {
  World world;
  const Said message = world.a.say("accepted is durable");
  world.crash(world.a);
  CHECK(world.a.show(message.number).state == office::MessageState::kQueued);
  world.converge();
  world.check_converged();
}

TEST_CASE("a message handed in again after a crash is the message accepted before") {
  World world;
  const auto submission = world.a.submission(alert("once"));
  const auto first = world.a.hand_in(submission);
  world.crash(world.a);
  const auto second = world.a.hand_in(submission);
  CHECK_FALSE(first.again);
  CHECK(second.again);
  CHECK(second.number == first.number);
}

TEST_CASE("a sender killed after any event loses and doubles nothing") {
  int event = 1;
  while (crash_in_script({event}, true)) ++event;
  CHECK(event > 30);
}

TEST_CASE("a receiver killed after any event loses and doubles nothing") {
  int event = 1;
  while (crash_in_script({event}, false)) ++event;
  CHECK(event > 30);
}

TEST_CASE("a second crash soon after the first loses and doubles nothing") {
  for (int event = 2; event < 40; event += 3) {
    CHECK(crash_in_script({event, event + 4, event + 17}, event % 2 == 0));
  }
}

}  // namespace blo::sim
