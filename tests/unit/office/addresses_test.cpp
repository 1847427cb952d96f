#include "office/addresses.h"

#include <catch2/catch.hpp>

#include "../../sim/world.h"
#include "base/limits.h"

namespace blo::office {
namespace {

IpEndpoint at(const std::string& text) { return IpEndpoint::parse(text).value(); }

std::vector<std::string> texts(const std::vector<IpEndpoint>& endpoints) {
  std::vector<std::string> all;
  for (const auto& endpoint : endpoints) all.push_back(endpoint.text());
  return all;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("no address is taken that is never another host's") {
  for (const char* text : {"0.0.0.0:1",
                           "0.1.2.3:1",
                           "0.255.255.255:1",
                           "127.0.0.1:1",
                           "127.255.255.255:1",
                           "169.254.0.1:1",
                           "169.254.169.254:80",
                           "224.0.0.1:1",
                           "239.255.255.255:1",
                           "240.0.0.1:1",
                           "255.255.255.255:1",
                           "[::]:1",
                           "[::1]:1",
                           "[::ffff:127.0.0.1]:1",
                           "[::ffff:192.0.2.1]:1",
                           "[::127.0.0.1]:1",
                           "[64:ff9b::7f00:1]:1",
                           "[100::1]:1",
                           "[2002:7f00:1::]:1",
                           "[2001::1]:1",
                           "[fe80::1]:1",
                           "[febf::1]:1",
                           "[fec0::1]:1",
                           "[ff02::1]:1",
                           "[ff0e::1]:1",
                           "[4000::1]:1",
                           "[e000::1]:1"}) {
    INFO(text);
    CHECK(unfit_because(at(text)));
    CHECK(fit_addresses(std::vector{at(text)}, {}).empty());
  }
}

TEST_CASE("addresses beside those ranges are taken, private ones too") {
  for (const char* text :
       {"1.0.0.0:1", "126.255.255.255:1", "128.0.0.1:1", "169.253.255.255:1", "169.255.0.1:1",
        "223.255.255.255:1", "10.0.0.1:1", "172.16.0.1:1", "192.168.0.1:1", "100.64.0.1:1",
        "192.0.2.1:65535", "[2000::1]:1", "[2001:1::1]:1", "[2001:db8::1]:1", "[2003::1]:1",
        "[3fff::1]:1", "[fc00::1]:1", "[fdff::1]:1"}) {
    INFO(text);
    CHECK_FALSE(unfit_because(at(text)));
    CHECK(texts(fit_addresses(std::vector{at(text)}, {})) == Texts{text});
  }
}

TEST_CASE(
    "of an announcement bad addresses, our own and repetitions are dropped and the rest stays") {
  const OwnAddresses own{{at("198.51.100.1:7117")}, {Bytes{10, 0, 0, 1}}};
  const std::vector announced{at("127.0.0.1:7117"), at("192.0.2.1:7117"),
                              at("192.0.2.1:7117"), at("198.51.100.1:7117"),
                              at("10.0.0.1:22"),    at("198.51.100.1:7118")};
  CHECK(texts(fit_addresses(announced, own)) == Texts{"192.0.2.1:7117", "198.51.100.1:7118"});
}

TEST_CASE("of an announcement of any length four addresses are kept") {
  std::vector<IpEndpoint> many;
  for (std::uint32_t port = 1; port <= 100; ++port)
    many.push_back(at("192.0.2.1:" + std::to_string(port)));
  CHECK(fit_addresses(many, {}).size() == limits::kAddressesMax);
}

TEST_CASE("a person's addresses take the file's place and announced ones come behind either") {
  sim::World world;
  auto& pair = world.b.pair();
  CHECK(dialled_addresses(pair) == pair.theirs->addresses);
  REQUIRE_FALSE(pair.theirs->addresses.empty());
  auto& store = world.b.office->store();
  REQUIRE(
      take_announced(store, pair, std::vector{at("192.0.2.1:7117")}, {}, world.b.now).has_value());
  Texts with_announced = pair.theirs->addresses;
  with_announced.emplace_back("192.0.2.1:7117");
  CHECK(dialled_addresses(pair) == with_announced);
  REQUIRE(set_addresses(store, pair, {"new.example:1", "192.0.2.9:2"}, 1, world.b.now).has_value());
  CHECK(dialled_addresses(pair) == Texts{"new.example:1", "192.0.2.9:2", "192.0.2.1:7117"});
  REQUIRE(set_addresses(store, pair, {"192.0.2.1:7117"}, 1, world.b.now).has_value());
  CHECK(dialled_addresses(pair) == Texts{"192.0.2.1:7117"});
}

TEST_CASE("an office that a person says must call us is not dialled whatever it announces") {
  sim::World world;
  auto& pair = world.b.pair();
  auto& store = world.b.office->store();
  REQUIRE(
      take_announced(store, pair, std::vector{at("192.0.2.1:7117")}, {}, world.b.now).has_value());
  REQUIRE(set_addresses(store, pair, {}, 1, world.b.now).has_value());
  CHECK(dialled_addresses(pair).empty());
}

TEST_CASE("addresses that a person cannot mean are refused and change nothing") {
  sim::World world;
  auto& pair = world.b.pair();
  const auto before = dialled_addresses(pair);
  for (const Texts& bad : {Texts{"a:1", "b:1", "c:1", "d:1", "e:1"}, Texts{"a:1", "a:1"},
                           Texts{"a"}, Texts{"a:0"}, Texts{""}, Texts{"a b:1"},
                           Texts{"[fe80::1%eth0]:1"}, Texts{std::string(300, 'a') + ":1"}}) {
    const auto set = set_addresses(world.b.office->store(), pair, bad, 1, world.b.now);
    REQUIRE_FALSE(set.has_value());
    CHECK(set.error() == OfficeError::kMalformed);
    CHECK(dialled_addresses(pair) == before);
  }
  REQUIRE(end(world.b.office->store(), pair, "over", world.b.now).has_value());
  CHECK(set_addresses(world.b.office->store(), pair, {"a:1"}, 1, world.b.now).error() ==
        OfficeError::kEnded);
}

TEST_CASE("what was set and announced is there again after a restart with since when and by whom") {
  sim::World world;
  REQUIRE(set_addresses(world.b.office->store(), world.b.pair(), {"new.example:1"}, 7, world.b.now)
              .has_value());
  REQUIRE(take_announced(world.b.office->store(), world.b.pair(), std::vector{at("192.0.2.1:7117")},
                         {}, world.b.now)
              .has_value());
  world.b.restart();
  const auto& addresses = world.b.pair().addresses;
  REQUIRE(addresses.set);
  CHECK(addresses.set->addresses == Texts{"new.example:1"});
  CHECK(addresses.set->person == 7);
  CHECK(addresses.set->since == world.b.now.wall);
  REQUIRE(addresses.announced);
  CHECK(addresses.announced->addresses == Texts{"192.0.2.1:7117"});
  CHECK(addresses.announced->since == world.b.now.wall);
}

TEST_CASE("an attempt takes the next address after one that failed and the first after a session") {
  AddressTurn turn;
  const Texts all{"a", "b", "c"};
  CHECK(turn.next(all) == "a");
  CHECK(turn.next(all) == "b");
  CHECK(turn.next(all) == "c");
  CHECK(turn.next(all) == "a");
  turn.begin_anew();
  CHECK(turn.next(all) == "a");
}

}  // namespace blo::office
