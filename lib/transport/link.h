// A session over one TCP connection. All of lib/transport runs on the one thread of its io_context:
// nothing here locks, and nothing here may be called from elsewhere.
#ifndef BLO_TRANSPORT_LINK_H
#define BLO_TRANSPORT_LINK_H

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>

#include "session/session.h"
#include "transport/error.h"
#include "transport/turns.h"

namespace blo::transport {

class Link;

/// What a link tells its owner, always from the io_context, never from inside a call to the link.
/// The receiver outlives the link, or calls Link::abandon() before it goes. Any call to the link is
/// allowed from here.
struct LinkEvents {
  /// The handshake is complete. On the dialling side the counterpart may still refuse.
  virtual void on_open(Link& link) = 0;
  /// One frame's plaintext. After rekey_receiving() here, the next frame is read with the new key.
  virtual void on_frame(Link& link, Bytes frame) = 0;
  /// No whole frame is left of what has been read from the socket.
  virtual void on_drained(Link& /*link*/) {}
  /// The end: exactly once, open or not, and the last event. No error where close() asked for it.
  virtual void on_closed(Link& link, std::optional<Error> error) = 0;

 protected:
  ~LinkEvents() = default;
};

/// What went over the socket since the start. Bytes are TCP payload; frames are those of the
/// session, without the handshake.
struct LinkCounters {
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t frames_in = 0;
  std::uint64_t frames_out = 0;
};

/// Drives a Session: reads, writes what is queued in batches, keeps the handshake's deadline, and
/// gives up on a peer that takes no bytes for limits::kDeadAfter. It keeps itself alive from
/// start() until on_closed(); who wants to hold on to it keeps a shared_ptr.
class Link : public std::enable_shared_from_this<Link> {
 public:
  /// How long close() waits for what is queued to be taken and for the other side to close. A
  /// satellite link needs 0.7 s for a round trip.
  static constexpr milliseconds kCloseTimeMax{2'000};

  /// `socket` is connected. `read_before`: bytes of it that the session has had already.
  Link(boost::asio::ip::tcp::socket socket, session::Session session, LinkEvents& events,
       std::size_t read_before = 0);
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  ~Link();

  /// Begins the handshake. Once.
  void start();

  /// Encrypts and queues one frame. Only once open. Errors are the session's; after each but
  /// kFrameSize the link ends and on_closed() follows. kClosed after close() or the end.
  [[nodiscard]] Result<void> send_frame(ByteView plaintext);
  /// Announced in a frame before: Session::rekey_sending.
  void rekey_sending();
  /// Only from inside on_frame(), on reading the announcement: Session::rekey_receiving.
  void rekey_receiving();
  [[nodiscard]] bool rekey_due() const;

  /// Ends the link after what is queued is written, in kCloseTimeMax at most. Frames that still
  /// arrive are dropped unread.
  void close();
  /// Ends the link at once and without any further event.
  void abandon();

  /// Whether start() has been called and the end has not come.
  [[nodiscard]] bool alive() const { return started_ && !finished_; }
  [[nodiscard]] bool open() const { return session_.open(); }
  /// The peer's static key, and the channel binding; from on_open() on.
  [[nodiscard]] const crypto::DhPublic& peer() const { return session_.peer(); }
  [[nodiscard]] const crypto::Blake2b& handshake_hash() const { return session_.handshake_hash(); }
  /// SHA-256 of the PSK that authenticated it; from on_open() on.
  [[nodiscard]] const crypto::Hash& psk_hash() const { return session_.psk_hash(); }
  [[nodiscard]] bool caller_knows_us() const { return session_.caller_knows_us(); }
  /// Queued and not yet taken by the system.
  [[nodiscard]] std::size_t queued_bytes() const { return session_.to_send().size(); }
  [[nodiscard]] const LinkCounters& counters() const { return counters_; }
  /// "192.0.2.1:40112": for diagnostics.
  [[nodiscard]] const std::string& remote() const { return remote_; }

  /// From now on, once open, frames are delivered in turns, and nothing is read from the socket
  /// before those that are there have been. Without turns they are delivered at once.
  void set_turns(std::shared_ptr<Turns> turns) { turns_ = std::move(turns); }
  /// For Turns: delivers one turn's frames; whether there may be more.
  [[nodiscard]] bool take_turn();

  /// Hands the link to another receiver of events; the listener does so in on_open().
  void set_events(LinkEvents& events) { events_ = &events; }

 private:
  static boost::asio::awaitable<void> read_loop(std::shared_ptr<Link> self);
  static boost::asio::awaitable<void> write_loop(std::shared_ptr<Link> self);
  static boost::asio::awaitable<void> watch(std::shared_ptr<Link> self);

  void take(ByteView received);
  /// False: there are no more.
  [[nodiscard]] bool deliver_frame();
  void deliver_all();
  void check_deadlines(SteadyTime now);
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;
  [[nodiscard]] Error end_of_stream(const boost::system::error_code& code) const;
  void wake();
  void finish(std::optional<Error> error);

  boost::asio::ip::tcp::socket socket_;
  session::Session session_;
  LinkEvents* events_;  // null once abandoned
  std::string remote_;
  LinkCounters counters_;
  bool dialled_;
  bool started_ = false;
  bool opened_ = false;    // on_open() was called
  bool closing_ = false;   // close() was called
  bool finished_ = false;  // the socket is closed
  std::optional<SteadyTime> close_deadline_;
  std::optional<SteadyTime> write_deadline_;  // while a write is under way
  std::shared_ptr<Turns> turns_;              // none: frames are delivered at once
  bool delivering_ = false;                   // what was read waits for its turns
  boost::asio::steady_timer readable_;        // cancelled when it has had them
  boost::asio::steady_timer writable_;        // expires when there may be something to write
  boost::asio::steady_timer deadline_;        // expires at next_deadline()
};

}  // namespace blo::transport

#endif
