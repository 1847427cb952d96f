#include "base/ip_endpoint.h"

#include <arpa/inet.h>

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "base/ids.h"

namespace blo {
namespace {

constexpr std::size_t kV4Bytes = 4;
constexpr std::size_t kV6Bytes = 16;
constexpr std::size_t kTextBytesMax = 53;  // "[", INET6_ADDRSTRLEN - 1, "]:65535"

}  // namespace

std::optional<IpEndpoint> IpEndpoint::from_bytes(ByteView address, std::uint32_t port) {
  if (address.size() != kV4Bytes && address.size() != kV6Bytes) return std::nullopt;
  if (port == 0 || port > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
  IpEndpoint endpoint;
  endpoint.v4_ = address.size() == kV4Bytes;
  std::ranges::copy(address, endpoint.bytes_.begin());
  endpoint.port_ = static_cast<std::uint16_t>(port);
  return endpoint;
}

std::optional<IpEndpoint> IpEndpoint::parse(std::string_view text) {
  if (text.size() > kTextBytesMax || text.find('\0') != text.npos) return std::nullopt;
  const auto colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  const auto port = parse_decimal(text.substr(colon + 1));
  if (!port || *port > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
  std::string host(text.substr(0, colon));
  const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  std::array<Byte, kV6Bytes> bytes{};
  if (::inet_pton(bracketed ? AF_INET6 : AF_INET, host.c_str(), bytes.data()) != 1)
    return std::nullopt;
  return from_bytes(ByteView(bytes).first(bracketed ? kV6Bytes : kV4Bytes),
                    static_cast<std::uint32_t>(*port));
}

std::string IpEndpoint::text() const {
  std::array<char, INET6_ADDRSTRLEN> host{};
  const char* written =
      ::inet_ntop(v4_ ? AF_INET : AF_INET6, bytes_.data(), host.data(), host.size());
  BLO_CHECK(written != nullptr);  // there is room for the longest
  const std::string port = std::to_string(port_);
  return v4_ ? std::string(written) + ":" + port : "[" + std::string(written) + "]:" + port;
}

}  // namespace blo
