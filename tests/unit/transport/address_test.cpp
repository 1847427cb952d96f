#include "transport/address.h"

#include <catch2/catch.hpp>

namespace blo::transport {
namespace {

TEST_CASE("names and both families of addresses are read") {
  const std::vector<std::array<std::string, 3>> good{{"blo.example:7373", "blo.example", "7373"},
                                                     {"localhost:0", "localhost", "0"},
                                                     {"192.0.2.1:65535", "192.0.2.1", "65535"},
                                                     {"[2001:db8::1]:7373", "2001:db8::1", "7373"},
                                                     {"[::]:1", "::", "1"}};
  for (const auto& [text, host, port] : good) {
    const auto parsed = parse_host_port(text);
    REQUIRE(parsed.has_value());
    CHECK(parsed->host == host);
    CHECK(std::to_string(parsed->port) == port);
  }
}

TEST_CASE("what is not an address is refused and named") {
  for (const std::string text :
       {"", ":", "host", "host:", ":7373", "host:65536", "host:-1", "host:07", "host: 7", "ho st:7",
        "::1:7373", "[::1:7373", "::1]:7373", "[::1]7373", "[]:7373", "[192.0.2.1]:7373",
        "[name]:7373", "na/me:1", "na\nme:1"}) {
    const auto parsed = parse_host_port(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error() == TransportError::kAddress);
    CHECK(parsed.error().detail() == text);
  }
  CHECK_FALSE(parse_host_port(std::string(256, 'a') + ":1").has_value());
}

TEST_CASE("an endpoint is numeric and prints as it is read") {
  for (const std::string text : {"127.0.0.1:0", "[::1]:7373", "[2001:db8::1]:65535"}) {
    CHECK(to_string(parse_endpoint(text).value()) == text);
  }
  CHECK(parse_endpoint("localhost:7373").error() == TransportError::kAddress);
  CHECK(parse_endpoint("127.0.0.256:7373").error() == TransportError::kAddress);
}

}  // namespace
TEST_CASE("this machine's addresses are those of its interfaces and those it listens on") {
  const auto has = [](const std::vector<Bytes>& all, const Bytes& one) {
    return std::ranges::find(all, one) != all.end();
  };
  CHECK(has(machine_addresses({}), Bytes{127, 0, 0, 1}));
  const auto all = machine_addresses({parse_endpoint("192.0.2.1:7117").value(),
                                      parse_endpoint("0.0.0.0:7117").value(),
                                      parse_endpoint("[2001:db8::1]:7117").value()});
  CHECK(has(all, Bytes{192, 0, 2, 1}));
  CHECK(has(all, Bytes{0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
  CHECK_FALSE(has(all, Bytes(4)));
}

}  // namespace blo::transport
