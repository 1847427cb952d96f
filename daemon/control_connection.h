// One client of the control socket.
#ifndef BLO_DAEMON_CONTROL_CONNECTION_H
#define BLO_DAEMON_CONTROL_CONNECTION_H

#include <boost/asio/steady_timer.hpp>

#include "control/framing.h"
#include "daemon/control_server.h"

namespace blo::daemon {

/// Answers in order. Follows the node's events once asked to; a client that does not read them is
/// hung up on.
class ControlConnection : public std::enable_shared_from_this<ControlConnection>, private Follower {
 public:
  using Socket = boost::asio::local::stream_protocol::socket;

  ControlConnection(Socket socket, ControlServer& server, control::Door::Guest guest);
  void start();
  [[nodiscard]] std::uint64_t user() const { return user_; }
  [[nodiscard]] bool owns_daemon() const { return owns_daemon_; }
  void close();

 private:
  static boost::asio::awaitable<void> read_loop(std::shared_ptr<ControlConnection> self);
  static boost::asio::awaitable<void> write_loop(std::shared_ptr<ControlConnection> self);
  static boost::asio::awaitable<bool> run_export(std::shared_ptr<ControlConnection> self,
                                                 office::Pair* pair);
  static boost::asio::awaitable<void> run_evidence(std::shared_ptr<ControlConnection> self,
                                                   std::shared_ptr<office::EvidenceJob> job);
  static boost::asio::awaitable<bool> run_backup(std::shared_ptr<ControlConnection> self,
                                                 StartBackup wanted);
  static boost::asio::awaitable<void> room(std::shared_ptr<ControlConnection> self);

  [[nodiscard]] Answer answer(ByteView frame);
  void queue(ByteView response);
  void follow(bool purpose_stated);
  /// The door learns what is held; who has to go, perhaps this one, is hung up on.
  void account();
  [[nodiscard]] bool may_follow() const;
  bool end_following_without_purpose();
  void finish();

  void arrived(const office::Pair& pair, std::uint64_t first, std::uint64_t end) override;
  void receipted(const office::Pair& pair, const office::ReceiptedHead& head) override;
  void policy_changed() override;

  Socket socket_;
  ControlServer& server_;
  control::Door::Guest guest_;
  control::Deframer deframer_;
  std::array<Byte, 32> nonce_;
  std::uint64_t sequence_ = 0;
  std::uint64_t user_;  // the peer's Unix user
  bool owns_daemon_;
  bool following_ = false;
  bool purpose_stated_ = false;                  // by who follows
  const store::OfficerRow* follower_ = nullptr;  // who asked to follow
  bool closed_ = false;
  Bytes outgoing_;
  std::size_t being_written_ = 0;       // taken from outgoing_, and not yet by the client
  boost::asio::steady_timer writable_;  // cancelled when there is something to write, or room again
  boost::asio::steady_timer drained_;
};

}  // namespace blo::daemon

#endif
