// Where a counterpart is dialled: what its pairing file says or a person set, then what it
// announces.
#ifndef BLO_OFFICE_ADDRESSES_H
#define BLO_OFFICE_ADDRESSES_H

#include <span>
#include <string_view>

#include "base/ip_endpoint.h"
#include "office/pair.h"

namespace blo::office {

/// This office's own.
struct OwnAddresses {
  std::vector<IpEndpoint> announced;  // to every counterpart; at most limits::kAddressesMax
  std::vector<Bytes> machine;         // 4 or 16 bytes each: this machine's, whatever the port
};

/// Why no office takes it from another, in a word ("loopback"); none: it may be announced. Of IPv4
/// all but what never is another host's (RFC 6890), of IPv6 global unicast and unique local
/// addresses alone, without those that only wrap an IPv4 address (6to4, Teredo).
[[nodiscard]] std::optional<std::string_view> unfit_because(const IpEndpoint& endpoint);

/// What is kept of an announcement: in its order, each once, without what is unfit or our own; at
/// most limits::kAddressesMax.
[[nodiscard]] std::vector<IpEndpoint> fit_addresses(std::span<const IpEndpoint> announced,
                                                    const OwnAddresses& own);

/// Where the counterpart is dialled, in the order in which it is tried: what a person set or, where
/// nobody did, what its pairing file says; behind these what it announces. Empty: it must call us,
/// for so its file or a person says, whom no announcement overrules.
[[nodiscard]] std::vector<std::string> dialled_addresses(const Pair& pair);

/// Which of them an attempt takes: after one that failed the next, after a session the first again.
class AddressTurn {
 public:
  /// `all` is not empty.
  [[nodiscard]] const std::string& next(const std::vector<std::string>& all) {
    return all[failed_++ % all.size()];
  }
  void begin_anew() { failed_ = 0; }

 private:
  std::size_t failed_ = 0;
};

/// A person says where the counterpart is: in store and memory. Empty: it must call us.
/// kMalformed: more than limits::kAddressesMax, one twice, or what is no address. kUnconfirmed
/// before its file was accepted, kEnded afterwards.
[[nodiscard]] Result<void> set_addresses(store::Store& store, Pair& pair,
                                         std::vector<std::string> addresses, std::uint64_t person,
                                         Now now);

/// Keeps what the counterpart announces, where it is another announcement than before; one that
/// comes sooner than limits::kAnnouncementEvery after the last change is not taken.
[[nodiscard]] Result<void> take_announced(store::Store& store, Pair& pair,
                                          std::span<const IpEndpoint> announced,
                                          const OwnAddresses& own, Now now);

}  // namespace blo::office

#endif
