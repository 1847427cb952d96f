// Where an office dials a counterpart that has moved: by what a person sets, and by what it
// announces in its sessions.
#include <catch2/catch.hpp>

#include "base/limits.h"
#include "world.h"

namespace blo::sim {
namespace {

using Texts = std::vector<std::string>;

IpEndpoint at(const std::string& text) { return IpEndpoint::parse(text).value(); }

void announce(Node& node, const Texts& addresses) {
  node.own.announced.clear();
  for (const auto& address : addresses) node.own.announced.push_back(at(address));
  node.office->set_own_addresses(node.own);
}

/// The announced addresses of its counterpart that `node` keeps.
Texts kept(Node& node) {
  const auto& announced = node.pair().addresses.announced;
  return announced ? announced->addresses : Texts{};
}

void meet(World& world) {
  world.cut();
  world.connect();
  world.run();
  REQUIRE(world.b.end);
  REQUIRE(world.b.end->peer);
  REQUIRE(world.b.end->peer->state() == office::Peer::State::kSync);
}

/// TJ-FOTEHOBOD dials address after address while UZ-OYBEK is at one alone; those it tried.
Texts dial(World& world, office::AddressTurn& turn, const std::string& there) {
  Texts tried;
  while (tried.empty() || tried.back() != there) {
    const auto all = office::dialled_addresses(world.b.pair());
    REQUIRE(tried.size() < 2 * all.size());
    tried.push_back(turn.next(all));
  }
  world.connect(world.b);
  world.run();
  REQUIRE(world.connected());
  turn.begin_anew();
  return tried;
}

}  // namespace

TEST_CASE(
    "an announced address is dialled after the person's has failed and that one first again") {
  World world;
  announce(world.a, {"192.0.2.7:7117", "[2001:db8::7]:7117"});
  meet(world);
  REQUIRE(office::set_addresses(world.b.office->store(), world.b.pair(), {"old.example:7117"}, 1,
                                world.b.now)
              .has_value());
  world.cut();
  office::AddressTurn turn;
  CHECK(dial(world, turn, "[2001:db8::7]:7117") ==
        Texts{"old.example:7117", "192.0.2.7:7117", "[2001:db8::7]:7117"});
  world.cut();
  CHECK(dial(world, turn, "old.example:7117") == Texts{"old.example:7117"});
  world.a.say("all the same");
  world.converge();
  world.check_converged();
}

TEST_CASE("an announcement never takes the place of the file's or a person's addresses") {
  World world;
  const auto in_file = world.b.pair().theirs->addresses;
  announce(world.a, {"192.0.2.7:7117"});
  meet(world);
  Texts expected = in_file;
  expected.emplace_back("192.0.2.7:7117");
  CHECK(office::dialled_addresses(world.b.pair()) == expected);
  CHECK(world.b.pair().theirs->addresses == in_file);
  world.b.restart();
  CHECK(office::dialled_addresses(world.b.pair()) == expected);
}

TEST_CASE("a change of what is announced is taken once an hour over all sessions") {
  World world;
  announce(world.a, {"192.0.2.1:7117"});
  meet(world);
  CHECK(kept(world.b) == Texts{"192.0.2.1:7117"});
  announce(world.a, {"192.0.2.2:7117"});
  for (int i = 0; i < 10; ++i) {
    meet(world);
    CHECK(kept(world.b) == Texts{"192.0.2.1:7117"});
  }
  world.pass(limits::kAnnouncementEvery - std::chrono::minutes(1));
  meet(world);
  CHECK(kept(world.b) == Texts{"192.0.2.1:7117"});
  SECTION("by the next session after the hour") {
    world.cut();
    world.pass(std::chrono::minutes(1));
    meet(world);
  }
  SECTION("by the session that stands when the hour is over") {
    world.pass(std::chrono::minutes(1) + seconds(2));
    CHECK(world.connected());
  }
  CHECK(kept(world.b) == Texts{"192.0.2.2:7117"});
}

TEST_CASE("setting this machine's clock brings no change of what is announced forward") {
  World world;
  announce(world.a, {"192.0.2.1:7117"});
  meet(world);
  announce(world.a, {"192.0.2.2:7117"});
  world.cut();
  world.b.now.wall += std::chrono::hours(20);
  meet(world);
  CHECK(kept(world.b) == Texts{"192.0.2.1:7117"});
}

TEST_CASE("an office that announces nothing any more is forgotten where it said it was") {
  World world;
  announce(world.a, {"192.0.2.1:7117"});
  meet(world);
  announce(world.a, {});
  world.cut();
  world.pass(limits::kAnnouncementEvery);
  meet(world);
  CHECK(kept(world.b).empty());
  CHECK(office::dialled_addresses(world.b.pair()) == world.b.pair().theirs->addresses);
}

TEST_CASE("announced addresses that lead nowhere or home are dropped and the session goes on") {
  World world;
  world.b.own = {{at("198.51.100.1:7117")}, {Bytes{10, 1, 2, 3}}};
  world.b.office->set_own_addresses(world.b.own);
  announce(world.a,
           {"127.0.0.1:7117", "[::ffff:127.0.0.1]:7117", "198.51.100.1:7117", "10.1.2.3:22"});
  meet(world);
  CHECK(kept(world.b).empty());
  world.pass(limits::kAnnouncementEvery);
  announce(world.a, {"169.254.169.254:80", "192.0.2.1:7117", "[fe80::1]:7117", "224.0.0.1:7117"});
  meet(world);
  CHECK(kept(world.b) == Texts{"192.0.2.1:7117"});
  world.a.say("goes on");
  world.converge();
  world.check_converged();
}

TEST_CASE("what an office announces before the heads agree is not taken") {
  World world;
  announce(world.a, {"192.0.2.1:7117"});
  REQUIRE(office::freeze_by_hand(world.b.office->store(), world.b.pair(), "a reason").has_value());
  world.connect();
  world.run();
  CHECK(kept(world.b).empty());
}

}  // namespace blo::sim
