#include "daemon/control_server.h"

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/diag.h"
#include "base/file.h"
#include "daemon/control_connection.h"
#include "daemon/home.h"
#include "transport/spawn.h"

namespace blo::daemon {
namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;

constexpr milliseconds kWatchEvery{1'000};
constexpr std::size_t kGroupBytesMax = 64 * 1024;  // a group with its members' names

/// The unit lets nothing be given away, and need not: there the group is the service's own.
bool give_to_group(const std::filesystem::path& path, gid_t group) {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && info.st_gid == group) return true;
  return ::chown(path.c_str(), static_cast<uid_t>(-1), group) == 0;
}

}  // namespace

Result<std::optional<gid_t>> find_group(const std::string& name) {
  if (name.empty()) return std::optional<gid_t>();
  std::vector<char> buffer(kGroupBytesMax);
  group entry{};
  group* found = nullptr;
  if (::getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 ||
      found == nullptr) {
    return Error(ConfigError::kBadValue, "control_group '" + name + "' (no such group)");
  }
  return std::optional(entry.gr_gid);
}

ControlServer::ControlServer(asio::io_context& loop, office::Office& office, Node& node)
    : loop_(loop),
      office_(office),
      node_(node),
      requests_(office, node),
      acceptor_(loop),
      pause_(loop),
      watch_(loop) {}

ControlServer::~ControlServer() = default;

Result<void> ControlServer::start(const Place& place) {
  home_ = place.home;
  const std::filesystem::path in_home = place.home / "control.sock";
  const auto found = control_socket_path(place.home, place.socket);
  if (!found) return found.error();
  const std::filesystem::path& path = *found;
  const auto failed = [&](const boost::system::error_code& code) -> Error {
    const std::string detail = path.string() + " (" + code.message() + ")";
    if (code != std::errc::permission_denied && code != std::errc::operation_not_permitted)
      return {FileError::kFailed, detail};
    const auto folder = check_access(path.parent_path(), W_OK | X_OK);
    return folder ? Error(HomeError::kNoAccess, detail) : folder.error();
  };
  const auto group = find_group(place.group);
  if (!group) return group.error();
  ::unlink(path.c_str());  // left by a daemon that was killed; the home's lock says that none runs
  boost::system::error_code code;
  acceptor_.open(stream_protocol(), code);
  if (code) return failed(code);
  const mode_t before = ::umask(0117);  // born 0660: there is no moment in which others may connect
  acceptor_.bind(stream_protocol::endpoint(path.string()), code);
  ::umask(before);
  if (code) return failed(code);
  path_ = path;
  // Nobody can connect before listen().
  if (*group && !give_to_group(path, **group)) {
    return Error(ConfigError::kBadValue,
                 "control_group '" + place.group + "' (the socket cannot be given to it: " +
                     std::strerror(errno) + "; under systemd write it as Group= into the unit)");
  }
  if (path != in_home) {
    ::unlink(in_home.c_str());
    const int linked = ::symlink(path.c_str(), in_home.c_str()) == 0 ? 0 : errno;
    // A home that cannot be written keeps the link of the daemon before.
    std::error_code unreadable;
    if (linked != 0 && std::filesystem::read_symlink(in_home, unreadable) != path)
      return failed({linked, boost::system::system_category()});
  }
  acceptor_.listen(asio::socket_base::max_listen_connections, code);
  if (code) return failed(code);
  asio::co_spawn(loop_, accept_loop(*this), transport::end_of_coroutine);
  asio::co_spawn(loop_, watch_loop(*this), transport::end_of_coroutine);
  return {};
}

void ControlServer::stop() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  watch_.cancel();
  if (!path_.empty()) ::unlink(path_.c_str());  // the link in the home stays for the next start
  path_.clear();
  const auto connections = connections_;
  for (const auto& [guest, connection] : connections) connection->close();
}

void ControlServer::admit(stream_protocol::socket socket) {
  const control::Door::Guest guest = ++newest_;
  auto connection = std::make_shared<ControlConnection>(std::move(socket), *this, guest);
  const auto arrival = door_.arrive(guest, connection->user(),
                                    connection->owns_daemon() ? control::Door::Standing::kOwner
                                                              : control::Door::Standing::kAnyUser,
                                    read_clocks().steady);
  if (arrival.gives_way) hang_up(*arrival.gives_way);
  if (!arrival.admitted) return;
  connections_.emplace(guest, connection);
  connection->start();
}

void ControlServer::hang_up(control::Door::Guest guest) {
  door_.leave(guest);  // whoever arrives meanwhile finds its place free
  const auto found = connections_.find(guest);
  if (found != connections_.end()) found->second->close();
}

void ControlServer::left(control::Door::Guest guest) {
  door_.leave(guest);
  connections_.erase(guest);
}

asio::awaitable<void> ControlServer::watch_loop(ControlServer& server) {
  while (server.acceptor_.is_open()) {
    server.watch_.expires_after(kWatchEvery);
    co_await server.watch_.async_wait(transport::kAsTuple);
    for (const auto guest : server.door_.overdue(read_clocks().steady)) server.hang_up(guest);
  }
}

asio::awaitable<void> ControlServer::accept_loop(ControlServer& server) {
  while (server.acceptor_.is_open()) {
    auto [code, socket] = co_await server.acceptor_.async_accept(transport::kAsTuple);
    if (!server.acceptor_.is_open()) co_return;
    if (code) {  // no descriptors left: those who are connected go on
      server.pause_.expires_after(milliseconds(100));
      co_await server.pause_.async_wait(transport::kAsTuple);
      continue;
    }
    server.admit(std::move(socket));
  }
}

}  // namespace blo::daemon
