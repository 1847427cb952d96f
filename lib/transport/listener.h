// Accepts connections, and keeps what strangers can cost within bounds until they have shown who
// they are.
#ifndef BLO_TRANSPORT_LISTENER_H
#define BLO_TRANSPORT_LISTENER_H

#include <functional>
#include <vector>

#include "transport/link.h"

namespace blo::transport {

struct ListenOptions {
  ListenOptions(std::vector<std::string> addresses_in,
                std::function<session::AnswerOptions()> answer_in)
      : addresses(std::move(addresses_in)), answer(std::move(answer_in)) {}
  /// Numeric, as parse_endpoint() takes them; IPv6 sockets take IPv6 alone.
  std::vector<std::string> addresses;
  /// Asked for each connection.
  std::function<session::AnswerOptions()> answer;
  std::size_t half_open_max = limits::kHalfOpenMax;
  std::size_t half_open_per_address_max = limits::kHalfOpenPerAddressMax;
};

/// How it went with those who called: strangers cost a counter, nothing else.
struct ListenCounters {
  std::uint64_t accepted = 0;         // TCP connections
  std::uint64_t opened = 0;           // handshakes completed
  std::uint64_t failed = 0;           // handshakes that did not verify, or hung up
  std::uint64_t failed_known = 0;     // of these, callers that knew this office's transport key
  std::uint64_t timed_out = 0;        // callers that said too little until the deadline
  std::uint64_t refused_address = 0;  // too many from one address
  std::uint64_t evicted = 0;          // too many at once, an older one gone
  std::uint64_t accept_failures = 0;  // the system gave no socket (descriptors, memory)
};

/// Half-open connections, those before the end of the handshake, are bounded in two kinds.
/// Strangers have sent no valid message 1; when half_open_max of them wait, a random one makes room
/// for the newcomer, so that a flood costs an honest caller some tries and not the door. Callers
/// that know this office's transport key are counted apart, by the same rule among themselves. One
/// address (an IPv6 /64) has half_open_per_address_max of both.
///
/// `events` sees a link from on_open() on: a link of a caller who never got that far is closed
/// without a byte and without an event.
class Listener : public std::enable_shared_from_this<Listener>, private LinkEvents {
  struct Private {};

 public:
  /// Opens all addresses and begins to accept, or gives kListen with the address that cannot be
  /// had. `events` outlives the links; the listener keeps itself alive until stop().
  [[nodiscard]] static Result<std::shared_ptr<Listener>> open(boost::asio::any_io_executor executor,
                                                              ListenOptions options,
                                                              LinkEvents& events);

  /// What is bound, in the order of the addresses: the ports the system chose for port 0.
  [[nodiscard]] const std::vector<boost::asio::ip::tcp::endpoint>& endpoints() const {
    return endpoints_;
  }
  /// Closes the addresses and all half-open links. Open links are their owner's.
  void stop();
  [[nodiscard]] const ListenCounters& counters() const { return counters_; }
  [[nodiscard]] std::size_t half_open() const { return half_open_.size(); }

  Listener(Private, boost::asio::any_io_executor executor, ListenOptions options,
           LinkEvents& events);
  ~Listener();

 private:
  struct HalfOpen {
    std::shared_ptr<Link> link;
    boost::asio::ip::address network;  // the address, or an IPv6 address's /64
  };

  static boost::asio::awaitable<void> accept_loop(std::shared_ptr<Listener> self,
                                                  std::size_t index);
  Result<void> bind(const std::string& address);
  void admit(boost::asio::ip::tcp::socket socket, const boost::asio::ip::tcp::endpoint& from);
  [[nodiscard]] bool make_room(const boost::asio::ip::address& network);
  /// A random one of the `of` that know us, or that do not.
  void evict(bool knows_us, std::size_t of);
  std::shared_ptr<Link> release(const Link& link);

  void on_open(Link& link) override;
  void on_frame(Link& link, Bytes frame) override;
  void on_closed(Link& link, std::optional<Error> error) override;

  boost::asio::any_io_executor executor_;
  ListenOptions options_;
  LinkEvents& events_;
  std::vector<boost::asio::ip::tcp::acceptor> acceptors_;
  std::vector<boost::asio::ip::tcp::endpoint> endpoints_;
  std::vector<HalfOpen> half_open_;
  ListenCounters counters_;
  bool stopped_ = false;
};

}  // namespace blo::transport

#endif
