#include "transport/address.h"

#include <ifaddrs.h>

#include <cstring>
#include <limits>
#include <memory>
#include <optional>

#include "base/ids.h"

namespace blo::transport {
namespace {

using boost::asio::ip::tcp;

constexpr std::size_t kHostBytesMax = 255;  // RFC 1035 §2.3.4

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-';
}

std::optional<boost::asio::ip::address> numeric(const std::string& text) {
  boost::system::error_code code;
  auto address = boost::asio::ip::make_address(text, code);
  if (code) return std::nullopt;
  return address;
}

/// None where the system does not say.
std::vector<boost::asio::ip::address> interface_addresses() {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> list(first, &::freeifaddrs);
  std::vector<boost::asio::ip::address> addresses;
  for (const ifaddrs* one = list.get(); one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr) continue;
    tcp::endpoint endpoint;
    const bool v4 = one->ifa_addr->sa_family == AF_INET;
    if (!v4 && one->ifa_addr->sa_family != AF_INET6) continue;
    const std::size_t size = v4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    std::memcpy(endpoint.data(), one->ifa_addr, size);
    endpoint.resize(size);
    addresses.push_back(endpoint.address());
  }
  return addresses;
}

bool is_host(const std::string& text, bool bracketed) {
  if (text.empty() || text.size() > kHostBytesMax) return false;
  if (bracketed) {
    const auto address = numeric(text);
    return address && address->is_v6();
  }
  return std::ranges::all_of(text, is_host_character);
}

}  // namespace

Result<HostPort> parse_host_port(std::string_view text) {
  const Error refused(TransportError::kAddress, std::string(text));
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return refused;
  const auto port = parse_decimal(text.substr(colon + 1));
  if (!port || *port > std::numeric_limits<std::uint16_t>::max()) return refused;

  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  HostPort parsed{std::string(host), static_cast<std::uint16_t>(*port)};
  if (!is_host(parsed.host, bracketed)) return refused;
  return parsed;
}

Result<tcp::endpoint> parse_endpoint(std::string_view text) {
  const auto parsed = parse_host_port(text);
  if (!parsed) return parsed.error();
  const auto address = numeric(parsed->host);
  if (!address) return Error(TransportError::kAddress, std::string(text));
  return tcp::endpoint(*address, parsed->port);
}

std::vector<Bytes> machine_addresses(const std::vector<tcp::endpoint>& listening) {
  std::vector<Bytes> all;
  const auto add = [&all](const boost::asio::ip::address& address) {
    if (address.is_unspecified()) return;
    all.push_back(address.is_v4() ? to_bytes(ByteView(address.to_v4().to_bytes()))
                                  : to_bytes(ByteView(address.to_v6().to_bytes())));
  };
  for (const auto& address : interface_addresses()) add(address);
  for (const auto& endpoint : listening) add(endpoint.address());
  return all;
}

std::string to_string(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  const std::string port = std::to_string(endpoint.port());
  return endpoint.address().is_v6() ? "[" + address + "]:" + port : address + ":" + port;
}

}  // namespace blo::transport
