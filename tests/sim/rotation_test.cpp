// The pairing secret is replaced while processes die and lines break.
#include <catch2/catch.hpp>

#include "crypto/random.h"
#include "old_store.h"
#include "world.h"

namespace blo::sim {
namespace {

std::uint64_t number(Node& node) { return node.pair().row.secret_number; }

bool holds_next(Node& node) {
  return node.office->store().pairings().next_secret(node.pair().row).value().has_value();
}

Bytes current(Node& node) {
  return to_bytes(node.office->store().pairings().secret(node.pair().row).value().view());
}

/// TJ-FOTEHOBOD has the smaller id: it offers.
void begin_rotation(World& world) { REQUIRE(world.b.office->rotate(world.b.pair()).has_value()); }

/// The line is down for a moment.
void meet_again(World& world) {
  world.cut();
  world.connect();
  world.run();
}

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
  // Whoever could dial before can dial now: at the latest the second secret it tries is the one.
  world.b.say("queued after");
  for (Node* dialler : {&world.a, &world.b}) {
    bool met = false;
    for (int i = 0; i < 2 && !met; ++i) {
      world.cut();
      world.connect(*dialler);
      world.run();
      met = world.a.has<sync::Heads>(false) && world.b.has<sync::Heads>(false);
    }
    REQUIRE(met);
  }
  world.converge();
  meet_again(world);
  world.check_converged();
  REQUIRE(number(world.a) == number(world.b));
  REQUIRE(current(world.a) == current(world.b));
  REQUIRE(number(world.a) == 2);
  REQUIRE_FALSE((holds_next(world.a) || holds_next(world.b)));
  return died;
}

}  // namespace

TEST_CASE("a rotation gives both sides the same new secret and forgets the old one") {
  World world;
  const Bytes before = current(world.a);
  begin_rotation(world);
  world.a.say("in between");
  world.connect();
  world.run();
  CHECK((holds_next(world.a) && holds_next(world.b)));
  CHECK(current(world.a) == before);
  CHECK_FALSE(world.connected());  // so that the next session shows that both hold it
  world.b.say("under the new secret");
  world.converge();
  world.check_converged();
  CHECK(number(world.a) == 2);
  CHECK(number(world.b) == 2);
  CHECK(current(world.a) == current(world.b));
  CHECK(current(world.a) != before);
  CHECK_FALSE((holds_next(world.a) || holds_next(world.b)));
}

TEST_CASE("an office that can only dial out meets a counterpart that kept another secret") {
  const bool answering_lies = GENERATE(true, false);
  World world;
  world.converge();
  world.cut();
  begin_rotation(world);
  Node& liar = answering_lies ? world.a : world.b;
  Node& dialler = world.other(liar);
  liar.meddle = [](sync::Frame& frame) {
    if (auto* answer = std::get_if<sync::SecretAnswer>(&frame)) answer->random[0] ^= 1U;
    if (auto* offer = std::get_if<sync::SecretOffer>(&frame)) offer->random[0] ^= 1U;
  };
  world.connect(dialler);
  world.run();
  CHECK((holds_next(world.a) || holds_next(world.b)));
  liar.meddle = {};
  world.a.say("after the lie");
  // Under the secret that only this side holds, under the one that both do, and under the next.
  for (int i = 0; i < 4; ++i) {
    world.cut();
    world.pass(limits::kSecretOfferEvery);
    world.connect(dialler);
    world.run();
  }
  world.check_converged();
  CHECK(number(world.a) == 2);
  CHECK(number(world.b) == 2);
  CHECK(current(world.a) == current(world.b));
}

TEST_CASE("a next secret that came too late for its session is not taken into use") {
  World world;
  exchange(world, 1);
  world.cut();
  const Bytes before = current(world.a);
  auto& pairings = world.a.office->store().pairings();
  const crypto::Key first = crypto::random_key();
  const crypto::Key second = crypto::random_key();
  REQUIRE(pairings.put_next_secret(world.a.pair().row, first).has_value());
  office::SecretRotation rotation(world.a.office->store(), world.a.office->keys(), world.a.pair());
  // Between the handshake under the first and the heads, another took its place.
  REQUIRE(pairings.put_next_secret(world.a.pair().row, second).has_value());
  CHECK_FALSE(rotation.session_began(office::psk_hash(first), world.a.now.wall).value());
  CHECK(number(world.a) == 1);
  CHECK(current(world.a) == before);
  CHECK(rotation.session_began(office::psk_hash(second), world.a.now.wall).value());
  CHECK(number(world.a) == 2);
  CHECK_FALSE(rotation.session_began(world.b.secret(), world.a.now.wall).value());
}

TEST_CASE(
    "a session under the current secret destroys a next one that the other side may not hold") {
  World world;
  exchange(world, 1);
  world.cut();
  auto& pairings = world.a.office->store().pairings();
  REQUIRE(pairings.put_next_secret(world.a.pair().row, crypto::random_key()).has_value());
  world.connect(world.b);
  world.run();
  CHECK_FALSE(holds_next(world.a));
  CHECK(number(world.a) == 1);
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
  meet_again(world);
  meet_again(world);
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
    meet_again(world);
    meet_again(world);
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
  world.pass(limits::kSecretOfferEvery);
  meet_again(world);
  meet_again(world);
  meet_again(world);
  world.check_converged();
  CHECK(number(world.a) == 2);
}

TEST_CASE("secret frames from the side that may not send them end the session") {
  const auto kind = GENERATE(0, 1);
  World world;
  world.converge();
  world.cut();
  bool sent = false;
  world.a.meddle = [&](sync::Frame& frame) {
    if (sent || !std::holds_alternative<sync::Receipt>(frame)) return;
    sent = true;
    if (kind == 0) frame = sync::SecretOffer{2, {}};
    if (kind == 1) frame = sync::SecretAnswer{2, {}, {}};
  };
  world.b.say("asks for a receipt");
  world.connect();
  world.run();
  REQUIRE(sent);
  CHECK(number(world.b) == 1);
  if (kind == 0) CHECK(world.a.why_closed.find("out of") != std::string::npos);
}

TEST_CASE("either side killed after any event of a rotation loses no message and no session") {
  const bool a_dies = GENERATE(true, false);
  const bool a_dials = GENERATE(true, false);
  int event = 1;
  while (die_in_rotation(event, a_dies, a_dials)) ++event;
  CHECK(event > 20);
}

}  // namespace blo::sim
