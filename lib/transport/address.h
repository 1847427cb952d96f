// "host:port" as text.
#ifndef BLO_TRANSPORT_ADDRESS_H
#define BLO_TRANSPORT_ADDRESS_H

#include <boost/asio/ip/tcp.hpp>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "transport/error.h"

namespace blo::transport {

struct HostPort {
  std::string host;  // a name, or a numeric address without brackets
  std::uint16_t port;
};

/// "blo.example:7373", "192.0.2.1:7373", "[2001:db8::1]:7373", also with a zone ("[fe80::1%eth0]").
/// kAddress for anything else.
[[nodiscard]] Result<HostPort> parse_host_port(std::string_view text);

/// A numeric address, to listen on: "0.0.0.0:7373", "[::]:7373"; port 0 lets the system choose.
[[nodiscard]] Result<boost::asio::ip::tcp::endpoint> parse_endpoint(std::string_view text);

/// What this machine's interfaces have now and the endpoints are bound to, in network order (4 or
/// 16 bytes), without "any address".
[[nodiscard]] std::vector<Bytes> machine_addresses(
    const std::vector<boost::asio::ip::tcp::endpoint>& listening);

/// The same form back.
[[nodiscard]] std::string to_string(const boost::asio::ip::tcp::endpoint& endpoint);

}  // namespace blo::transport

#endif
