// Accepts connections, and keeps what strangers can cost within bounds until they have shown who
// they are.
#ifndef BLO_TRANSPORT_LISTENER_H
#define BLO_TRANSPORT_LISTENER_H

#include <functional>
#include <map>
#include <vector>

#include "session/frame.h"
#include "transport/bindings.h"
#include "transport/door.h"
#include "transport/link.h"

namespace blo::transport {

struct ListenOptions {
  ListenOptions(std::vector<std::string> addresses_in,
                std::function<session::AnswerOptions()> answer_in)
      : addresses(std::move(addresses_in)), answer(std::move(answer_in)) {}
  /// Numeric, as parse_endpoint() takes them; IPv6 sockets take IPv6 alone.
  std::vector<std::string> addresses;
  /// Asked for each caller whose first message is looked at; the time for the handshake is the
  /// door's.
  std::function<session::AnswerOptions()> answer;
  DoorLimits door;
};

/// How it went with those who called: strangers cost a counter, nothing else.
struct ListenCounters {
  std::uint64_t accepted = 0;         // TCP connections
  std::uint64_t opened = 0;           // handshakes completed
  std::uint64_t failed = 0;           // handshakes that did not verify, or hung up
  std::uint64_t failed_known = 0;     // of these, callers that knew this office's transport key
  std::uint64_t timed_out = 0;        // callers that said too little until the deadline
  std::uint64_t seen = 0;             // callers whose first message was another's before
  std::uint64_t gave_way = 0;         // callers that made room for others
  std::uint64_t looked_at = 0;        // first messages that cost a key agreement
  std::uint64_t accept_failures = 0;  // the system gave no socket (descriptors, memory)
};

/// A caller is a socket and at most 50 bytes until the Door lets its first message be looked at;
/// only then is there a session, and a link once that message has verified.
///
/// `events` sees a link from on_open() on: a link of a caller who never got that far is closed
/// without a byte and without an event.
class Listener : public std::enable_shared_from_this<Listener>, private LinkEvents {
  struct Private {};

 public:
  /// Opens the addresses that can be had now, and begins to accept there; the others wait for
  /// try_again(). kAddress: one is not an address. `events` outlives the links; the listener keeps
  /// itself alive until stop().
  [[nodiscard]] static Result<std::shared_ptr<Listener>> open(boost::asio::any_io_executor executor,
                                                              ListenOptions options,
                                                              LinkEvents& events);

  /// Tries those that are due once more. True: there is one more endpoint. Call it now and then.
  bool try_again(SteadyTime now);

  /// What is bound, in the order of the addresses: the ports the system chose for port 0.
  [[nodiscard]] std::vector<boost::asio::ip::tcp::endpoint> endpoints() const;
  /// What is not, and why.
  [[nodiscard]] std::vector<Unbound> unbound() const { return bindings_.unbound(); }
  /// Closes the addresses and all half-open links. Open links are their owner's.
  void stop();
  [[nodiscard]] const ListenCounters& counters() const { return counters_; }
  /// Callers, of whatever kind, that have no session yet.
  [[nodiscard]] std::size_t half_open() const { return calls_.size() + half_open_.size(); }

  Listener(Private, boost::asio::any_io_executor executor, ListenOptions options,
           LinkEvents& events);
  ~Listener();

 private:
  /// One who has not shown anything: what it said so far.
  struct Call {
    boost::asio::ip::tcp::socket socket;
    SteadyTime arrived;
    std::array<Byte, session::kLengthBytes + session::kMessage1Bytes> said{};
    std::size_t size = 0;
  };

  struct Bound {
    boost::asio::ip::tcp::acceptor acceptor;
    boost::asio::ip::tcp::endpoint endpoint;
  };

  static boost::asio::awaitable<void> accept_loop(std::shared_ptr<Listener> self,
                                                  boost::asio::ip::tcp::acceptor& acceptor);
  static boost::asio::awaitable<void> hear(std::shared_ptr<Listener> self, Door::Caller caller,
                                           std::shared_ptr<Call> call);
  static boost::asio::awaitable<void> watch(std::shared_ptr<Listener> self);
  /// kListen with the system's reason.
  [[nodiscard]] Result<Bound> bind(const boost::asio::ip::tcp::endpoint& endpoint);
  /// Binds this address and accepts there, or notes that it could not be had.
  bool take(std::size_t place, SteadyTime now);
  void admit(boost::asio::ip::tcp::socket socket, const boost::asio::ip::tcp::endpoint& from);
  /// Whether what has come of a first message can still become one.
  [[nodiscard]] static bool promising(const Call& call);
  void on_first_message(Door::Caller caller, const Call& call);
  void look_at(Door::Caller caller);
  /// Ends a caller at once, whatever it is by now, without a byte.
  void end(Door::Caller caller);
  void give_way(std::optional<Door::Caller> caller);
  void see_what_is_due(SteadyTime now);
  /// There may be something to see sooner than was thought.
  void watch_anew();
  std::shared_ptr<Link> release(const Link& link);

  void on_open(Link& link) override;
  void on_frame(Link& link, Bytes frame) override;
  void on_closed(Link& link, std::optional<Error> error) override;

  boost::asio::any_io_executor executor_;
  ListenOptions options_;
  LinkEvents& events_;
  std::vector<boost::asio::ip::tcp::endpoint> wanted_;  // in the order of the addresses
  std::map<std::size_t, Bound> bound_;                  // by their places, which stay
  Bindings bindings_;                                   // of the rest
  Door door_;
  Door::Caller newest_ = 0;
  std::map<Door::Caller, std::shared_ptr<Call>> calls_;
  std::map<Door::Caller, std::shared_ptr<Link>> half_open_;
  boost::asio::steady_timer due_;
  ListenCounters counters_;
  bool stopped_ = false;
};

}  // namespace blo::transport

#endif
