// The control socket: local officers' blo talks to the daemon here.
#ifndef BLO_DAEMON_CONTROL_SERVER_H
#define BLO_DAEMON_CONTROL_SERVER_H

#include <sys/types.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <map>

#include "control/door.h"
#include "daemon/requests.h"

namespace blo::daemon {

class ControlConnection;

/// The group's number; nothing for an empty name. ConfigError::kBadValue: there is no such group.
[[nodiscard]] Result<std::optional<gid_t>> find_group(const std::string& name);

/// A Unix socket, mode 0660, for its owner and one group. Every connection begins with a fresh
/// nonce; every request is judged by its signature and by SO_PEERCRED. How many may be there, and
/// who has to go, is the Door's to say.
class ControlServer {
 public:
  ControlServer(boost::asio::io_context& loop, office::Office& office, Node& node);
  ~ControlServer();
  /// Where the socket is, and whose. The home's control.sock is it, or a link to it.
  struct Place {
    std::filesystem::path home;
    std::filesystem::path socket;  // empty: in the home
    std::string group;             // empty: the process's
  };
  [[nodiscard]] Result<void> start(const Place& place);
  /// The Unix users who may ask for the status and the alarms from now on.
  void set_monitors(std::vector<std::uint64_t> users) { monitors_ = std::move(users); }
  void stop();

 private:
  friend class ControlConnection;
  static boost::asio::awaitable<void> accept_loop(ControlServer& server);
  static boost::asio::awaitable<void> watch_loop(ControlServer& server);
  void admit(boost::asio::local::stream_protocol::socket socket);
  void hang_up(control::Door::Guest guest);
  void left(control::Door::Guest guest);

  boost::asio::io_context& loop_;
  office::Office& office_;
  Node& node_;
  Requests requests_;
  boost::asio::local::stream_protocol::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  boost::asio::steady_timer watch_;
  control::Door door_;
  control::Door::Guest newest_ = 0;
  std::map<control::Door::Guest, std::shared_ptr<ControlConnection>> connections_;
  std::filesystem::path home_;
  std::vector<std::uint64_t> monitors_;
  bool backing_up_ = false;  // one at a time
  std::filesystem::path path_;
};

}  // namespace blo::daemon

#endif
