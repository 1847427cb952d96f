// What a node does while something that passes is not as it should be: an address, the clock.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>

#include "../../sim/kit.h"
#include "daemon/node.h"
#include "transport/address.h"

namespace blo::daemon {
namespace {

namespace asio = boost::asio;
using std::chrono::minutes;

/// A node whose time is the test's.
struct Started {
  explicit Started(std::vector<std::string> listen, WallTime wall = sim::kStart) {
    now.wall = wall;
    Config config;
    config.listen = std::move(listen);
    node.when_listening([this] { ++told; });
    REQUIRE(node.start(config, now).has_value());
  }
  ~Started() {
    node.stop([] {});
    loop.poll();
  }
  Started(const Started&) = delete;
  Started& operator=(const Started&) = delete;

  void pass(milliseconds time) {
    now.wall += time;
    now.steady += time;
    node.tick(now);
  }
  std::vector<store::AlarmRow> alarms() { return office->alarms().list(true).value(); }
  Result<std::uint64_t> enter() {
    office::TrailEntry entry;
    entry.act.request = 1;
    entry.act.subject = "something";
    return office->trail().enter(entry, now);
  }

  sim::Folder folder;
  sim::Kit kit{"UZ-OYBEK"};
  std::unique_ptr<office::Office> office =
      office::Office::open(kit.keys(), folder.path() / "store.db").value();
  asio::io_context loop{1};
  Now now = read_clocks();
  Node node{loop, *office, sim::kStart};
  int told = 0;
};

TEST_CASE("an address that is not to be had for ten minutes is one alarm and serves once it is") {
  asio::io_context elsewhere;
  asio::ip::tcp::acceptor other(elsewhere, {asio::ip::address_v4::loopback(), 0});
  const std::string address = transport::to_string(other.local_endpoint());
  Started at({address, "127.0.0.1:0"});
  CHECK(at.told == 0);
  CHECK(at.node.listening().size() == 1);
  REQUIRE(at.node.not_listening().size() == 1);
  CHECK(at.node.not_listening()[0].address == address);

  at.pass(minutes(9));
  CHECK(at.alarms().empty());
  at.pass(minutes(2));
  REQUIRE(at.alarms().size() == 1);
  const auto alarm = at.alarms()[0];
  CHECK(alarm.code == "not-listening");
  CHECK(alarm.subject == "UZ-OYBEK");
  CHECK(alarm.sentence.find(address + " (Address already in use)") != std::string::npos);
  CHECK(alarm.next_step.find("ss -ltnp") != std::string::npos);
  at.pass(minutes(20));
  CHECK(at.alarms().size() == 1);
  CHECK(at.told == 0);

  other.close();
  at.pass(minutes(1));
  CHECK(at.told == 1);
  CHECK(at.node.not_listening().empty());
  REQUIRE(at.node.listening().size() == 2);
  CHECK(at.node.listening()[0] == address);
}

TEST_CASE("the ten minutes are those of the steady clock") {
  asio::io_context elsewhere;
  asio::ip::tcp::acceptor other(elsewhere, {asio::ip::address_v4::loopback(), 0});
  Started at({transport::to_string(other.local_endpoint())});
  at.now.wall += std::chrono::hours(20);
  at.pass(minutes(1));
  CHECK(at.alarms().empty());
}

TEST_CASE("an office with a clock at 1970 starts and enters nothing until the clock is right") {
  Started at({}, WallTime());
  at.pass(minutes(1));
  const auto refused = at.enter();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error() == office::OfficeError::kNoValidTime);
  CHECK(at.alarms().empty());

  at.now.wall = sim::kStart;
  at.pass(minutes(1));
  CHECK(at.enter().has_value());
  CHECK(at.alarms().empty());  // it was set right, which is no jump
  // The start is dated by the clock that is believed.
  CHECK(at.node.started() == sim::kStart - minutes(1));
}

TEST_CASE("what is entered at a clock of 1970 bears the newest date of the trail") {
  Started at({});
  REQUIRE(at.enter().has_value());
  const WallTime newest = at.office->trail().journal()->row.last_stamp.time;
  at.now.wall = WallTime();
  REQUIRE(at.enter().has_value());
  CHECK(at.office->trail().journal()->row.last_stamp.time == newest);
}

}  // namespace
}  // namespace blo::daemon
