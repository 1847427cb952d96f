// Two offices pair again under the same keys: after their secrets have parted, or after one of them
// has lost everything but its keys. Their journals stay.
#include <catch2/catch.hpp>

#include "world.h"

namespace blo::sim {
namespace {

using store::PairingState;
using store::Recovery;

void exchange(World& world, int messages) {
  for (int i = 0; i < messages; ++i) {
    world.a.say("from UZ " + std::to_string(i));
    world.b.say("from TJ " + std::to_string(i));
    world.converge();
  }
}

/// One ceremony anew, step by step; what an earlier one left is made anew.
struct Ceremony {
  explicit Ceremony(World& of) : world(of) {}

  static constexpr std::size_t kSteps = 6;
  void step(std::size_t number) {
    Node& node = number % 2 == 0 ? world.a : world.b;
    const OfficeId& other = world.other(node).kit.id;
    switch (number / 2) {
      case 0: files[number % 2] = offer(node, Bytes()); return;
      case 1: REQUIRE(node.office->accept(files[1 - number % 2], node.now).has_value()); return;
      default: {
        const std::string digits = office::digits(world.other(node).pair());
        if (number % 2 == 0) shown = digits;
        REQUIRE(node.office->confirm(other, {shown, 0, "simulated"}, node.now).has_value());
      }
    }
  }
  Bytes offer(Node& node, Bytes theirs) {
    const OfficeId& other = world.other(node).kit.id;
    const auto* pair =
        node.office->pair_again({other, addresses, "Agreement", std::move(theirs)}, node.now)
            .value();
    return pair->again ? pair->again->ours.bytes : pair->ours.bytes;
  }
  void all() {
    for (std::size_t i = 0; i < kSteps; ++i) step(i);
    world.cut();  // the daemon ends what speaks under the secret that was replaced
  }
  /// `lost` knows nothing of the pairing.
  void all_with(Node& lost) {
    Node& knows = world.other(lost);
    const std::size_t of_lost = &lost == &world.a ? 0 : 1;
    files[1 - of_lost] = offer(knows, Bytes());
    files[of_lost] = offer(lost, files[1 - of_lost]);
    for (std::size_t i = 2; i < kSteps; ++i) step(i);
    world.cut();
  }

  World& world;
  std::vector<std::string> addresses = {};  // empty: as before
  std::array<Bytes, 2> files;
  std::string shown;
};

bool meets(World& world) {
  world.cut();
  world.connect();
  world.run();
  return world.a.has<sync::Heads>(false) && world.b.has<sync::Heads>(false);
}

void put_back(World& world, Node& node, const std::vector<Bytes>& disk) {
  world.cut();
  node.office.reset();
  node.put_disk(disk);
  node.open();
}

void lose_everything(World& world, Node& node) {
  world.cut();
  node.office.reset();
  for (const auto& file : node.files()) std::filesystem::remove(file);
  node.open();
  REQUIRE(node.office->pairs().empty());
}

void give_back(World& world, Node& node) {
  for (int i = 0; i < 20 && node.pair().row.recovery != Recovery::kRecovered; ++i) {
    if (!world.connected()) world.connect();
    world.run();
  }
  REQUIRE(node.pair().row.recovery == Recovery::kRecovered);
}

void go_on(Node& node) { REQUIRE(node.office->recover(node.pair(), node.now).has_value()); }

}  // namespace

TEST_CASE("pairing again gives a new secret and the journals go on") {
  World world;
  exchange(world, 2);
  const Bytes before =
      to_bytes(world.a.office->store().pairings().secret(world.a.pair().row).value().view());
  Ceremony(world).all();
  world.a.say("under the new secret");
  world.converge();
  world.check_converged();
  CHECK_FALSE((world.a.pair().row.untried || world.b.pair().row.untried));
  CHECK(world.a.pair().sent->row.origin.generation == 1);
  for (Node* node : {&world.a, &world.b}) {
    const auto secret = node->office->store().pairings().secret(node->pair().row).value();
    CHECK(to_bytes(secret.view()) != before);
    CHECK(node->pair().row.secret_number == 1);
    CHECK(node->office
              ->psks(world.other(*node).kit.ring.dh_key(identity::KeyUse::kTransport).public_key)
              .size() == 1);
  }
  REQUIRE(world.b.office->rotate(world.b.pair()).has_value());  // and rotates as any other
  world.cut();
  world.a.say("and the next");
  world.converge();
  world.cut();
  world.connect();
  world.run();
  CHECK(world.a.pair().row.secret_number == 2);
  world.check_converged();
}

TEST_CASE("a store whose secret is more than one rotation old connects after pairing again") {
  World world;
  exchange(world, 1);
  world.cut();
  const auto old = world.a.disk();
  for (int i = 0; i < 3; ++i) {
    REQUIRE(world.b.office->rotate(world.b.pair()).has_value());
    world.cut();
    exchange(world, 1);
  }
  CHECK(world.b.pair().row.secret_number > 2);
  put_back(world, world.a, old);
  REQUIRE_FALSE(meets(world));
  Ceremony(world).all();
  give_back(world, world.a);
  go_on(world.a);
  world.a.say("in the next generation");
  world.converge();
  world.check_converged();
}

TEST_CASE("pairing again that stops anywhere leaves what works or can be repeated") {
  for (std::size_t stop = 0; stop <= Ceremony::kSteps; ++stop) {
    for (const bool both : {false, true}) {
      INFO("after " << stop << " steps");
      World world(stop);
      exchange(world, 1);
      Ceremony first(world);
      for (std::size_t i = 0; i < stop; ++i) first.step(i);
      world.crash(world.a);
      if (both) world.crash(world.b);
      // One side alone has confirmed after five steps, and says so until the other has.
      const bool one_sided = stop == Ceremony::kSteps - 1;
      CHECK(meets(world) != one_sided);
      CHECK(world.a.pair().row.untried == one_sided);
      if (stop == 4) {  // the digits need no new files
        first.step(4);
        first.step(5);
        CHECK(meets(world));
      }
      Ceremony(world).all();
      REQUIRE(meets(world));
      world.a.say("after all of it");
      world.converge();
      world.check_converged();
    }
  }
}

TEST_CASE("an office that lost everything but its keys is given both journals and goes on") {
  const bool a_loses = GENERATE(true, false);
  World world;
  exchange(world, 2);
  Node& lost = a_loses ? world.a : world.b;
  Node& other = world.other(lost);
  REQUIRE(lost.office->open_next_generation(lost.pair(), lost.now).has_value());
  world.cut();
  exchange(world, 1);
  const auto root = other.pair().received->row.frontier.root();
  world.cut();
  other.say("while everything was lost");
  lose_everything(world, lost);

  Ceremony ceremony(world);
  ceremony.all_with(lost);
  CHECK(lost.pair().row.state == PairingState::kFrozen);
  CHECK(lost.pair().row.recovery == Recovery::kRecovering);
  CHECK(lost.office->alarms().list(true).value().back().code == "lost");
  lost.restart();
  give_back(world, lost);
  CHECK(lost.pair().sent->row.frontier.root() == root);
  CHECK_FALSE((lost.has<sync::BatchEnd>(true) || lost.has<sync::Receipt>(true)));
  CHECK(lost.officer().name.name == kOfficerName);
  lost.restart();
  go_on(lost);
  CHECK(lost.pair().sent->row.origin.generation == 3);
  lost.say("said after all was lost");
  world.converge();
  world.check_converged();
  lost.restart();
  world.converge();
}

TEST_CASE("a recovery of everything that is cut or killed anywhere goes on where it was") {
  for (std::uint64_t stop = 1; stop < 300; stop += 13) {
    World world(stop);
    exchange(world, 3);
    lose_everything(world, world.a);
    Ceremony(world).all_with(world.a);
    world.connect();
    for (std::uint64_t i = 0; i < stop && world.step(); ++i) {
    }
    world.crash(stop % 2 == 0 ? world.a : world.b);
    give_back(world, world.a);
    go_on(world.a);
    world.converge();
    world.check_converged();
  }
}

TEST_CASE("an office that loses everything before its journal was receipted goes on all the same") {
  World world;
  lose_everything(world, world.a);
  Ceremony(world).all_with(world.a);
  give_back(world, world.a);
  go_on(world.a);
  CHECK(world.a.pair().sent->row.origin.generation == 2);
  const auto added = world.a.office->officers().add(
      world.a.kit.officer_request(), {identity::Role::kOperator}, 365, 0, world.a.now);
  REQUIRE(added.has_value());
  world.a.say("from the beginning");
  world.b.say("as well");
  world.converge();
  world.check_converged();
}

TEST_CASE("a fork outlives pairing again and a freeze by hand does not") {
  World world;
  exchange(world, 1);
  REQUIRE(office::freeze_by_hand(world.a.office->store(), world.a.pair(), "a laptop was stolen")
              .has_value());
  REQUIRE(
      office::freeze(world.b.office->store(), world.b.pair(), "two histories", "", Recovery::kNone)
          .has_value());
  Ceremony(world).all();
  CHECK_FALSE(world.a.frozen());
  CHECK(world.b.frozen());
  CHECK(world.b.pair().row.frozen_why == "two histories");
  REQUIRE(meets(world));
  world.run();
  CHECK(world.a.why_closed.find("frozen") != std::string::npos);
}

TEST_CASE("where a person said the counterpart is counts until its file says something new") {
  World world;
  const std::vector<std::string> set{"moved.example:7117"};
  REQUIRE(office::set_addresses(world.b.office->store(), world.b.pair(), set, 1, world.b.now)
              .has_value());
  Ceremony same(world);
  same.all();
  CHECK(office::dialled_addresses(world.b.pair()) == set);
  Ceremony moved(world);
  moved.addresses = {"moved-again.example:7117"};
  moved.all();
  CHECK(office::dialled_addresses(world.b.pair()) == moved.addresses);
  world.b.restart();
  CHECK(office::dialled_addresses(world.b.pair()) == moved.addresses);
  REQUIRE(meets(world));
}

}  // namespace blo::sim
