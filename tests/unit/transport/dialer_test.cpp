#include "transport/dialer.h"

#include <catch2/catch.hpp>

#include "world.h"

namespace blo::transport {
namespace {

TEST_CASE("an office is reached by name") {
  World world;
  world.listen();
  const std::string port = std::to_string(world.listener->endpoints()[0].port());
  const auto link = world.dial_now("localhost:" + port);
  REQUIRE(link.has_value());
  (*link)->start();
  CHECK(world.run_until([&] { return world.answerer.opened.size() == 1; }));
}

TEST_CASE("a port where nobody listens is an error that names the address") {
  World world;
  world.listen();
  const std::string address = world.address();
  world.listener->stop();
  const auto link = world.dial_now(address);
  REQUIRE_FALSE(link.has_value());
  CHECK(link.error() == TransportError::kConnect);
  CHECK(link.error().detail().find(address) == 0);
}

TEST_CASE("what is not an address is not dialled") {
  World world;
  const auto link = world.dial_now("no port");
  REQUIRE_FALSE(link.has_value());
  CHECK(link.error() == TransportError::kAddress);
}

TEST_CASE("a listener that takes no more connections is a timeout") {
  World world;
  // With a backlog of 0 and nobody accepting, the system drops what comes after the first calls.
  boost::asio::ip::tcp::acceptor full(world.io, parse_endpoint("127.0.0.1:0").value(), true);
  full.listen(0);
  std::vector<boost::asio::ip::tcp::socket> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back(world.io, boost::asio::ip::tcp::v4());
    callers.back().native_non_blocking(true);
    const auto to = full.local_endpoint();
    (void)::connect(callers.back().native_handle(), to.data(), static_cast<socklen_t>(to.size()));
  }
  const auto before = read_clocks().steady;
  const auto link =
      world.dial_now(to_string(full.local_endpoint()), dial_options(), milliseconds(100));
  REQUIRE_FALSE(link.has_value());
  CHECK(link.error() == TransportError::kTimeout);
  CHECK(read_clocks().steady - before < milliseconds(1'000));
}

}  // namespace
}  // namespace blo::transport
