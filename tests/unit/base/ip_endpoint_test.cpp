#include "base/ip_endpoint.h"

#include <catch2/catch.hpp>

namespace blo {

TEST_CASE("an IP address with a port is read and written in one form") {
  for (const char* text : {"192.0.2.1:7117", "[2001:db8::1]:7117", "[::]:1", "0.0.0.0:65535",
                           "[::ffff:192.0.2.1]:7117"}) {
    INFO(text);
    CHECK(IpEndpoint::parse(text).value().text() == text);
  }
  CHECK(IpEndpoint::parse("[2001:DB8:0::1]:7117").value().text() == "[2001:db8::1]:7117");
  const auto v4 = IpEndpoint::parse("192.0.2.1:7117").value();
  CHECK(v4.is_v4());
  CHECK(to_bytes(v4.address()) == Bytes{192, 0, 2, 1});
  CHECK(v4.port() == 7117);
}

TEST_CASE("names, zones, other numbers and ports out of range are no IP address with a port") {
  for (const char* text : {"",
                           ":",
                           "192.0.2.1",
                           "192.0.2.1:",
                           "192.0.2.1:0",
                           "192.0.2.1:65536",
                           "192.0.2.1:+1",
                           "192.0.2.1:01",
                           "192.0.2.01:1",
                           "192.0.2:1",
                           "0x7f000001:1",
                           "2130706433:1",
                           "blo.example:7117",
                           "[blo.example]:7117",
                           "2001:db8::1:7117",
                           "[fe80::1%eth0]:7117",
                           "[192.0.2.1]:7117",
                           "[2001:db8::1]",
                           " 192.0.2.1:7117",
                           "192.0.2.1:7117 "}) {
    INFO(text);
    CHECK_FALSE(IpEndpoint::parse(text));
  }
  CHECK_FALSE(IpEndpoint::parse(std::string_view("[::1\0]:1", 8)));
  CHECK_FALSE(IpEndpoint::parse(std::string(100'000, '1') + ":1"));
}

TEST_CASE("bytes are an address of four or sixteen with a port") {
  CHECK(IpEndpoint::from_bytes(Bytes{192, 0, 2, 1}, 7117).value().text() == "192.0.2.1:7117");
  for (const std::size_t size : {0U, 3U, 5U, 15U, 17U})
    CHECK_FALSE(IpEndpoint::from_bytes(Bytes(size), 1));
  for (const std::uint32_t port : {0U, 65'536U})
    CHECK_FALSE(IpEndpoint::from_bytes(Bytes(4), port));
}

TEST_CASE("IPv4 written as IPv6 is another address") {
  CHECK(IpEndpoint::parse("[::ffff:192.0.2.1]:7117") != IpEndpoint::parse("192.0.2.1:7117"));
  CHECK_FALSE(IpEndpoint::parse("[::ffff:192.0.2.1]:7117").value().is_v4());
}

}  // namespace blo
