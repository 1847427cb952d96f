// What strangers can and cannot do to a listener.
#include "transport/listener.h"

#include <sys/resource.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "world.h"

namespace blo::transport {
namespace {

namespace asio = boost::asio;

ListenOptions impatient() {
  ListenOptions options = World::loopback();
  options.door.silence_max = milliseconds(100);
  return options;
}

/// A first handshake message as one who knows the office's key would send it.
Bytes message_1() {
  const auto dialler = session::Session::dial(dial_options(), SteadyTime());
  return to_bytes(dialler.to_send());
}

TEST_CASE("garbage is closed without a byte of answer and others are served") {
  World world;
  world.listen();
  const std::vector<Bytes> greetings{to_bytes("GET / HTTP/1.1\r\n\r\n"), Bytes{0x16, 0x03, 0x01},
                                     Bytes(5000, 0xff), Bytes{0, 0}, [] {
                                       Bytes almost = message_1();
                                       almost.back() ^= 1;
                                       return almost;
                                     }()};
  for (const Bytes& greeting : greetings) {
    RawClient stranger(world);
    stranger.write(greeting);
    CHECK(world.run_until([&] { return stranger.closed(); }));
    CHECK(stranger.received.empty());
  }
  CHECK(world.listener->counters().failed == greetings.size());
  CHECK(world.listener->half_open() == 0);
  world.connect();
  CHECK(world.answerer.opened.size() == 1);
  CHECK(world.answerer.closed == 0);
  CHECK(world.listener->counters().opened == 1);
}

TEST_CASE("callers who say too little are closed at the deadline and others served meanwhile") {
  World world;
  world.listen(impatient());
  RawClient silent(world);
  RawClient slow(world);
  slow.write(Bytes{0, 48, 1});
  REQUIRE(world.run_until([&] { return world.listener->half_open() == 2; }));
  const auto link = world.connect();
  CHECK(world.listener->half_open() == 2);
  REQUIRE(world.run_until([&] { return silent.closed() && slow.closed(); }));
  CHECK(silent.received.empty());
  CHECK(slow.received.empty());
  CHECK(world.listener->counters().timed_out == 2);
  CHECK(link->alive());
  CHECK(world.answerer.closed == 0);
}

TEST_CASE("an answer to message 1 does not extend the deadline") {
  World world;
  world.listen(impatient());
  RawClient half(world);
  half.write(message_1());
  REQUIRE(world.run_until([&] { return half.closed(); }));
  CHECK(half.received.size() == 50);
  CHECK(world.listener->counters().timed_out == 1);
}

/// Waits until the listener has taken all these connections.
using Crowd = std::vector<std::unique_ptr<RawClient>>;
void come(World& world, Crowd& crowd, std::size_t count, const std::function<Bytes()>& says) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto before = world.listener->counters();
    crowd.push_back(std::make_unique<RawClient>(world));
    crowd.back()->write(says());
    REQUIRE(world.run_until([&] { return world.listener->counters().accepted > before.accepted; }));
  }
}

Bytes nothing() { return {}; }

TEST_CASE(
    "silent callers make room for the next and the counterpart behind their address gets in") {
  World world;
  ListenOptions options = World::loopback();
  options.door.silent_per_network_max = 4;
  world.listen(std::move(options));
  Crowd crowd;
  come(world, crowd, 20, nothing);
  CHECK(world.listener->half_open() == 4);
  CHECK(world.listener->counters().gave_way == 16);
  world.connect();
  CHECK(world.listener->counters().opened == 1);
  CHECK(world.listener->counters().looked_at == 1);
}

TEST_CASE("a first message played again is dropped without an answer and without a key agreement") {
  World world;
  world.listen();
  const Bytes recorded = message_1();
  RawClient first(world);
  first.write(recorded);
  REQUIRE(world.run_until([&] { return !first.closed() && first.received.size() == 50; }));
  for (int i = 0; i < 5; ++i) {
    RawClient again(world);
    again.write(recorded);
    REQUIRE(world.run_until([&] { return again.closed(); }));
    CHECK(again.received.empty());
  }
  CHECK(world.listener->counters().seen == 5);
  CHECK(world.listener->counters().looked_at == 1);
  CHECK_FALSE(first.closed());
  world.connect();
}

TEST_CASE("first messages beyond the network's tokens wait and each is answered in the end") {
  World world;
  ListenOptions options = World::loopback();
  options.door.at_once = 2;
  options.door.per_second = 1;
  world.listen(std::move(options));
  Crowd crowd;
  come(world, crowd, 6, message_1);
  for (const auto& caller : crowd) {
    CHECK(world.run_until([&] { return !caller->closed() && caller->received.size() == 50; }));
  }
  CHECK(world.listener->counters().looked_at == 6);
  CHECK(world.listener->counters().gave_way == 0);
}

TEST_CASE("callers who know the office make room among themselves and not for the silent") {
  World world;
  ListenOptions options = World::loopback();
  options.door.half_open_max = 2;
  options.door.silent_max = 2;
  world.listen(std::move(options));
  Crowd known;
  come(world, known, 2, message_1);
  for (const auto& caller : known) {
    REQUIRE(world.run_until([&] { return !caller->closed() && caller->received.size() == 50; }));
  }
  Crowd silent;
  come(world, silent, 5, nothing);
  CHECK(world.listener->counters().gave_way == 3);
  CHECK_FALSE(known[0]->closed());
  CHECK_FALSE(known[1]->closed());
  Crowd third;
  come(world, third, 1, message_1);
  REQUIRE(world.run_until([&] { return world.listener->counters().gave_way == 4; }));
  CHECK(world.run_until([&] { return known[0]->closed() != known[1]->closed(); }));
  CHECK_FALSE(third[0]->closed());
}

TEST_CASE("a stopped listener closes its half-open connections and leaves the open ones") {
  World world;
  world.listen();
  const auto link = world.connect();
  RawClient stranger(world);
  REQUIRE(world.run_until([&] { return world.listener->half_open() == 1; }));
  const auto endpoint = world.listener->endpoints()[0];
  world.listener->stop();
  CHECK(world.run_until([&] { return stranger.closed(); }));
  REQUIRE(link->send_frame(Bytes{1}).has_value());
  CHECK(world.run_until([&] { return world.answerer.frames.size() == 1; }));
  boost::asio::ip::tcp::socket late(world.io);
  boost::system::error_code code;
  late.connect(endpoint, code);
  CHECK(code == boost::asio::error::connection_refused);
}

TEST_CASE("an address that another has is named and taken once it is free and the others serve") {
  World world;
  asio::ip::tcp::acceptor other(world.io, {asio::ip::address_v4::loopback(), 0});
  const std::string address = to_string(other.local_endpoint());
  const auto before = read_clocks().steady;
  world.listen(ListenOptions({address, "127.0.0.1:0"}, answer_options));
  REQUIRE(world.listener->endpoints().size() == 1);
  CHECK(world.address() != address);
  const auto unbound = world.listener->unbound();
  REQUIRE(unbound.size() == 1);
  CHECK(unbound[0].address == address);
  CHECK(unbound[0].why == "Address already in use");
  CHECK(unbound[0].since >= before);
  world.connect();

  const auto later = [&](milliseconds time) { return read_clocks().steady + time; };
  CHECK_FALSE(world.listener->try_again(before));
  CHECK_FALSE(world.listener->try_again(later(Bindings::kMax)));
  CHECK(world.listener->unbound().size() == 1);
  other.close();
  CHECK(world.listener->try_again(later(2 * Bindings::kMax)));
  CHECK(world.listener->unbound().empty());
  REQUIRE(world.listener->endpoints().size() == 2);
  CHECK(world.address(0) == address);
  world.connect(0);
  world.connect(1);
}

TEST_CASE("an address of no interface and one of a family that is off wait like any other") {
  World world;
  // TEST-NET-1 of RFC 5737 is nobody's.
  world.listen(ListenOptions({"192.0.2.1:0", "127.0.0.1:0"}, answer_options));
  REQUIRE(world.listener->unbound().size() == 1);
  CHECK(world.listener->unbound()[0].why == "Cannot assign requested address");
  world.connect();
}

TEST_CASE("what is no address at all is refused") {
  World world;
  const auto name = Listener::open(world.io.get_executor(),
                                   ListenOptions({"localhost:0"}, answer_options), world.answerer);
  REQUIRE_FALSE(name.has_value());
  CHECK(name.error() == TransportError::kAddress);
}

/// Takes every descriptor the process may still have, below a lowered limit.
class NoDescriptors {
 public:
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit low = before_;
    low.rlim_cur = 128;
    setrlimit(RLIMIT_NOFILE, &low);
    for (int fd = dup(0); fd >= 0; fd = dup(0)) taken_.push_back(fd);
  }
  ~NoDescriptors() {
    for (const int fd : taken_) close(fd);
    setrlimit(RLIMIT_NOFILE, &before_);
  }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

 private:
  rlimit before_{};
  std::vector<int> taken_;
};

TEST_CASE("a listener without descriptors pauses and goes on") {
  World world;
  world.listen();
  boost::asio::ip::tcp::socket caller(world.io, boost::asio::ip::tcp::v4());
  {
    const NoDescriptors none;
    caller.connect(world.listener->endpoints()[0]);
    REQUIRE(world.run_until([&] { return world.listener->counters().accept_failures > 0; }));
    CHECK(world.listener->counters().accepted == 0);
  }
  CHECK(world.run_until([&] { return world.listener->counters().accepted == 1; }));
  CHECK(world.listener->counters().accept_failures < 5);
  world.connect();
}

}  // namespace
}  // namespace blo::transport
