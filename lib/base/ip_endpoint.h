// An IP address with a port, as a value: no name, no zone, one form each.
#ifndef BLO_BASE_IP_ENDPOINT_H
#define BLO_BASE_IP_ENDPOINT_H

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace blo {

/// IPv4 and IPv6 are told apart: an IPv4 address that is written as IPv6 (::ffff:192.0.2.1) is an
/// IPv6 address.
class IpEndpoint {
 public:
  /// Of an address in network order, 4 or 16 bytes, and a port from 1 to 65,535; nothing for
  /// others.
  [[nodiscard]] static std::optional<IpEndpoint> from_bytes(ByteView address, std::uint32_t port);
  /// "192.0.2.1:7117", "[2001:db8::1]:7117"; nothing for a name, a zone or port 0.
  [[nodiscard]] static std::optional<IpEndpoint> parse(std::string_view text);
  /// The same form back; IPv6 as in RFC 5952.
  [[nodiscard]] std::string text() const;

  [[nodiscard]] bool is_v4() const { return v4_; }
  /// 4 or 16 bytes in network order.
  [[nodiscard]] ByteView address() const { return ByteView(bytes_).first(v4_ ? 4 : 16); }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  friend auto operator<=>(const IpEndpoint&, const IpEndpoint&) = default;

 private:
  IpEndpoint() = default;
  bool v4_ = false;
  std::array<Byte, 16> bytes_{};  // of IPv4 the first four
  std::uint16_t port_ = 0;
};

}  // namespace blo

#endif
