#include "office/addresses.h"

#include <algorithm>

#include "base/limits.h"

namespace blo::office {
namespace {

struct Range {
  std::array<Byte, 4> network;
  unsigned bits;
  std::string_view what;
};

/// RFC 6890, RFC 1112 §4: never the address of another office.
constexpr Range kUnfitV4[] = {
    {{0, 0, 0, 0}, 8, "unspecified"},     {{127, 0, 0, 0}, 8, "loopback"},
    {{169, 254, 0, 0}, 16, "link-local"}, {{224, 0, 0, 0}, 4, "multicast"},
    {{240, 0, 0, 0}, 4, "reserved"},
};
/// Of IPv6: RFC 4291 §2.4, RFC 4193.
constexpr Range kFitV6[] = {
    {{0x20, 0, 0, 0}, 3, "global"},
    {{0xfc, 0, 0, 0}, 7, "unique local"},
};
/// Named first: more than one is part of a range above, or of none.
constexpr Range kUnfitV6[] = {
    {{0x20, 0x01, 0, 0}, 32, "Teredo"},      // RFC 4380
    {{0x20, 0x02, 0, 0}, 16, "6to4"},        // RFC 3056, RFC 7526
    {{0xfe, 0x80, 0, 0}, 10, "link-local"},  // RFC 4291 §2.5.6
    {{0xff, 0, 0, 0}, 8, "multicast"},
};

bool lies_in(ByteView address, const Range& range) {
  const auto first = read_be<std::uint32_t>(address.first(4));
  const auto network = read_be<std::uint32_t>(range.network);
  const unsigned rest = 32 - range.bits;
  return first >> rest == network >> rest;
}

std::optional<std::string_view> range_of(ByteView address, std::span<const Range> ranges) {
  const auto found = std::ranges::find_if(
      ranges, [address](const Range& range) { return lies_in(address, range); });
  return found == ranges.end() ? std::nullopt : std::optional(found->what);
}

Error malformed(const std::string& what) { return {OfficeError::kMalformed, what}; }

Result<void> check(const std::vector<std::string>& addresses) {
  if (addresses.size() > limits::kAddressesMax)
    return malformed("more than " + std::to_string(limits::kAddressesMax) + " addresses");
  for (auto address = addresses.begin(); address != addresses.end(); ++address) {
    if (!identity::is_address(*address)) return malformed("an address (HOST:PORT)");
    if (std::find(addresses.begin(), address, *address) != address)
      return malformed("an address that is given twice");
  }
  return {};
}

}  // namespace

std::optional<std::string_view> unfit_because(const IpEndpoint& endpoint) {
  const ByteView address = endpoint.address();
  if (endpoint.is_v4()) return range_of(address, kUnfitV4);
  if (const auto unfit = range_of(address, kUnfitV6)) return unfit;
  if (range_of(address, kFitV6)) return std::nullopt;
  // ::, ::1, and IPv4 written as IPv6, which would pass by what is said of IPv4 above.
  return "not global";
}

std::vector<IpEndpoint> fit_addresses(std::span<const IpEndpoint> announced,
                                      const OwnAddresses& own) {
  const auto among = [](const std::vector<IpEndpoint>& some, const IpEndpoint& one) {
    return std::ranges::find(some, one) != some.end();
  };
  std::vector<IpEndpoint> fit;
  for (const auto& one : announced) {
    if (fit.size() == limits::kAddressesMax) break;
    const bool here = std::ranges::any_of(
        own.machine, [&one](const Bytes& address) { return equal(address, one.address()); });
    if (unfit_because(one) || here || among(own.announced, one)) continue;
    if (!among(fit, one)) fit.push_back(one);
  }
  return fit;
}

std::vector<std::string> dialled_addresses(const Pair& pair) {
  if (!pair.theirs) return {};
  const auto& set = pair.addresses.set;
  if (set && set->addresses.empty()) return {};
  std::vector<std::string> all = set ? set->addresses : pair.theirs->addresses;
  if (!pair.addresses.announced) return all;
  for (const auto& address : pair.addresses.announced->addresses) {
    if (std::ranges::find(all, address) == all.end()) all.push_back(address);
  }
  return all;
}

Result<void> set_addresses(store::Store& store, Pair& pair, std::vector<std::string> addresses,
                           std::uint64_t person, Now now) {
  const std::string& name = pair.counterpart().text();
  if (pair.row.state == store::PairingState::kEnded) return Error(OfficeError::kEnded, name);
  if (!pair.theirs) return Error(OfficeError::kUnconfirmed, name);
  if (const auto fine = check(addresses); !fine) return fine;
  store::AddressList list{std::move(addresses), now.wall, person};
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  const auto put = store.addresses().put(pair.row.id, store::AddressSource::kPerson, list);
  if (!put) return put;
  if (const auto done = transaction->commit(); !done) return done;
  pair.addresses.set = std::move(list);
  return {};
}

Result<void> take_announced(store::Store& store, Pair& pair, std::span<const IpEndpoint> announced,
                            const OwnAddresses& own, Now now) {
  store::AddressList list{{}, now.wall, 0};
  for (const auto& endpoint : fit_addresses(announced, own))
    list.addresses.push_back(endpoint.text());
  const auto& before = pair.addresses.announced;
  if (before ? before->addresses == list.addresses : list.addresses.empty()) return {};
  if (!pair.announcements.take(now.steady)) return {};
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  const auto put = store.addresses().put(pair.row.id, store::AddressSource::kCounterpart, list);
  if (!put) return put;
  if (const auto done = transaction->commit(); !done) return done;
  pair.addresses.announced = std::move(list);
  return {};
}

}  // namespace blo::office
