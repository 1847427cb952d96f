// The pairing secret is replaced while processes die and lines break.
#include <catch2/catch.hpp>

#include "world.h"

namespace blo::sim {
namespace {

std::uint64_t number(Node& node) { return node.pair().row.secret_number; }

bool holds_previous(Node& node) {
  return node.office->store().pairings().previous_secret(node.pair().row).value().has_value();
}

Bytes current(Node& node) {
  return to_bytes(node.office->store().pairings().secret(node.pair().row).value().view());
}

/// TJ-FOTEHOBOD has the smaller id: it offers.
void begin_rotation(World& world) { REQUIRE(world.b.office->rotate(world.b.pair()).has_value()); }

/// One connection dialled by `a_dials`' side in which a rotation and messages run, and a death
/// after its `at`-th event. False when it ends before.
bool die_in_rotation(int at, bool a_dies, bool a_dials) {
  INFO("event " << at << (a_dies ? ", answering" : ", offering") << " side dies, "
                << (a_dials ? "answering" : "offering") << " side dials");
  World world;
  world.weather.segment_bytes_max = 700;
  begin_rotation(world);
  world.a.say("queued before");
  world.connect(a_dials ? world.a : world.b);
  int event = 0;
  while (event < at && world.step()) ++event;
  const bool died = event == at;
  if (died) world.crash(a_dies ? world.a : world.b);
  // Whoever could dial before can dial now: with the line up, one connection is enough.
  world.b.say("queued after");
  for (Node* dialler : {&world.a, &world.b}) {
    world.cut();
    world.connect(*dialler);
    world.run();
    REQUIRE((world.a.has<sync::Heads>(false) && world.b.has<sync::Heads>(false)));
  }
  world.converge();
  world.check_converged();
  REQUIRE(number(world.a) == number(world.b));
  REQUIRE(current(world.a) == current(world.b));
  REQUIRE(number(world.a) == 2);
  REQUIRE_FALSE((holds_previous(world.a) || holds_previous(world.b)));
  return died;
}

}  // namespace

TEST_CASE("a rotation gives both sides the same new secret and forgets the old one") {
  World world;
  const Bytes before = current(world.a);
  begin_rotation(world);
  world.a.say("in between");
  world.converge();
  CHECK(number(world.a) == 2);
  CHECK(number(world.b) == 2);
  CHECK(current(world.a) == current(world.b));
  CHECK(current(world.a) != before);
  CHECK_FALSE(holds_previous(world.b));
  world.cut();
  world.b.say("under the new secret");
  world.converge();
  world.check_converged();
  CHECK_FALSE(holds_previous(world.a));
}

TEST_CASE("a secret a month old is replaced without anybody asking") {
  World world;
  world.converge();
  CHECK(number(world.b) == 1);
  world.cut();
  for (Node* node : {&world.a, &world.b}) {
    const auto since = node->now.wall - std::chrono::days(31);
    auto& row = node->pair().row;
    row.secret_since = since;
  }
  world.connect();
  world.run();
  CHECK(number(world.a) == 2);
  CHECK(number(world.b) == 2);
}

TEST_CASE("a secret whose date lies more than a day ahead is replaced without anybody asking") {
  for (const bool too_far : {true, false}) {
    World world;
    world.converge();
    world.cut();
    const auto ahead = std::chrono::hours(too_far ? 25 : 23);
    for (Node* node : {&world.a, &world.b}) node->pair().row.secret_since = node->now.wall + ahead;
    world.connect();
    world.run();
    CHECK(number(world.b) == (too_far ? 2 : 1));
    CHECK(number(world.a) == (too_far ? 2 : 1));
    CHECK(world.b.pair().row.secret_since <= world.b.now.wall + ahead);
    if (too_far) CHECK(world.b.pair().row.secret_since <= world.b.now.wall);
    world.a.say("goes on");
    world.converge();
    world.check_converged();
  }
}

TEST_CASE("an answer to an offer that is not the newest is passed over") {
  World world;
  world.converge();
  world.cut();
  begin_rotation(world);
  world.b.meddle = [&](sync::Frame& frame) {
    // What leaves is another offer than what is remembered: as if a newer one had been made since.
    if (auto* offer = std::get_if<sync::SecretOffer>(&frame)) offer->random[0] ^= 1U;
  };
  world.connect();
  world.run();
  CHECK(world.b.has<sync::SecretAnswer>(false));
  CHECK(number(world.b) == 1);
  CHECK(number(world.a) == 1);
  world.b.meddle = {};
  world.cut();
  world.a.say("still works");
  world.converge();
  world.check_converged();
  CHECK(number(world.a) == 2);
}

TEST_CASE("secret frames from the side that may not send them end the session") {
  const auto kind = GENERATE(0, 1, 2);
  World world;
  world.converge();
  world.cut();
  bool sent = false;
  world.a.meddle = [&](sync::Frame& frame) {
    if (sent || !std::holds_alternative<sync::Receipt>(frame)) return;
    sent = true;
    if (kind == 0) frame = sync::SecretOffer{2, {}};
    if (kind == 1) frame = sync::SecretDone{2};
    if (kind == 2) frame = sync::SecretAnswer{2, {}, {}};
  };
  world.b.say("asks for a receipt");
  world.connect();
  world.run();
  REQUIRE(sent);
  CHECK(number(world.b) == 1);
  if (kind < 2) CHECK(world.a.why_closed.find("out of") != std::string::npos);
}

TEST_CASE("either side killed after any event of a rotation loses no message and no session") {
  const bool a_dies = GENERATE(true, false);
  const bool a_dials = GENERATE(true, false);
  int event = 1;
  while (die_in_rotation(event, a_dies, a_dials)) ++event;
  CHECK(event > 20);
}

}  // namespace blo::sim
