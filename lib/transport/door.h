// Which callers a listener hears before it knows anything of them: so that a flood of strangers,
// from the counterpart's own address even, costs little and keeps nobody out for long.
#ifndef BLO_TRANSPORT_DOOR_H
#define BLO_TRANSPORT_DOOR_H

#include <boost/asio/ip/address.hpp>
#include <functional>
#include <map>
#include <optional>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "crypto/short_hash.h"

namespace blo::transport {

/// What one caller can cheaply have many addresses of counts as one: an IPv6 address's /64. An IPv4
/// address is its own.
[[nodiscard]] boost::asio::ip::address network_of(const boost::asio::ip::address& address);

struct DoorLimits {
  std::size_t silent_max = limits::kSilentCallersMax;
  std::size_t silent_per_network_max = limits::kSilentCallersPerNetworkMax;
  std::size_t waiting_max = limits::kWaitingCallersMax;
  std::size_t waiting_per_network_max = limits::kWaitingCallersPerNetworkMax;
  std::size_t half_open_max = limits::kHalfOpenMax;
  std::size_t half_open_per_network_max = limits::kHalfOpenPerNetworkMax;
  std::size_t at_once = limits::kFirstMessagesAtOnce;
  std::size_t per_second = limits::kFirstMessagesPerSecond;
  std::size_t at_once_of_all = limits::kFirstMessagesAtOnceOfAll;
  std::size_t per_second_of_all = limits::kFirstMessagesPerSecondOfAll;
  std::size_t remembered_max = limits::kFirstMessagesRemembered;
  milliseconds silence_max = limits::kHandshakeTimeMax;
};

/// Pure: callers are numbers, time is an argument, and so is chance. Each caller is
///
///   silent ──message 1 is whole──► waiting ──it is looked at, and verifies──► half open ──► gone
///
/// * Where a state is full, for the caller's network or in all, a random one in it gives way to the
///   newcomer. Nobody is turned away because others are there.
/// * A message 1 that verified once is never looked at again.
/// * A network's messages are looked at as they come while its bucket has tokens, and that of all
///   networks. Beyond that, one of those who wait, chosen at random, every limits::kDrawEvery.
class Door {
 public:
  using Caller = std::uint64_t;
  /// A number below its argument.
  using Chance = std::function<std::size_t(std::size_t)>;
  enum class Verdict {
    kLookAt,  // now: the caller's is the next call to verified() or leave()
    kWait,    // until draw() names the caller, or it has to go
    kSeen,    // it has to go: its message was another's before
  };
  struct Judgement {
    Verdict verdict;
    std::optional<Caller> gives_way;
  };
  struct Drawn {
    Caller caller;
    Verdict verdict;  // kLookAt or kSeen
  };

  Door(DoorLimits limits, Chance chance) : limits_(limits), chance_(std::move(chance)) {}

  /// Who gives way to this new caller, if anybody has to.
  [[nodiscard]] std::optional<Caller> arrive(Caller caller, const boost::asio::ip::address& network,
                                             SteadyTime now);
  [[nodiscard]] Judgement first_message(Caller caller, ByteView message, SteadyTime now);
  /// One of those who wait, where it is time.
  [[nodiscard]] std::optional<Drawn> draw(SteadyTime now);
  /// The message verified: the caller knows this office's key. Who gives way to it, if anybody.
  [[nodiscard]] std::optional<Caller> verified(Caller caller);
  void leave(Caller caller);

  /// Who was silent, or waited, for too long.
  [[nodiscard]] std::vector<Caller> overdue(SteadyTime now) const;
  /// When draw() or overdue() has something to say; nothing while nobody is silent or waits.
  [[nodiscard]] std::optional<SteadyTime> next() const;

  [[nodiscard]] std::size_t size() const { return callers_.size(); }

 private:
  enum class State { kSilent, kWaiting, kHalfOpen };
  struct Entry {
    Caller caller;
    boost::asio::ip::address network;
    SteadyTime arrived;
    State state = State::kSilent;
    std::uint64_t message = 0;  // its tag
  };

  [[nodiscard]] Entry& entry(Caller caller);
  [[nodiscard]] std::optional<Caller> make_room(State state, const Entry& newcomer,
                                                std::size_t of_network_max, std::size_t max) const;
  /// Takes a token of the network's and one of all, or neither.
  [[nodiscard]] bool take_token(const boost::asio::ip::address& network, SteadyTime now);
  [[nodiscard]] bool seen(std::uint64_t message) const;
  void remember(std::uint64_t message);

  DoorLimits limits_;
  Chance chance_;
  crypto::ShortHash tag_;
  std::vector<Entry> callers_;
  /// When each bucket that is not full will be. It takes a token to be in here, so the bucket of
  /// all bounds how many there are.
  std::map<boost::asio::ip::address, SteadyTime> full_at_;
  SteadyTime all_full_at_{};
  SteadyTime next_draw_{};
  /// Tags of the newest messages, and of those before: the older half is forgotten at once.
  std::unordered_set<std::uint64_t> newest_;
  std::unordered_set<std::uint64_t> before_;
};

}  // namespace blo::transport

#endif
