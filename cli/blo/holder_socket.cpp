#include "holder_socket.h"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/check.h"

namespace blo::cli {
namespace {

/// Waits until the socket is ready for `events`, no longer than until `deadline`.
bool wait_for(int socket, short events, SteadyTime deadline) {
  for (;;) {
    const auto left = deadline - read_clocks().steady;
    if (left <= milliseconds(0)) return false;
    pollfd one{socket, events, 0};
    const int ready = ::poll(&one, 1, static_cast<int>(left.count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

bool is_temporary(int reason) {
  return reason == EINTR || reason == EAGAIN || reason == EWOULDBLOCK;
}

}  // namespace

std::optional<TerminalSession> TerminalSession::current() {
  const pid_t leader = ::getsid(0);
  if (leader <= 0) return std::nullopt;
  return TerminalSession{::geteuid(), leader};
}

bool TerminalSession::has_peer(int socket) const {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && size == sizeof peer &&
         peer.uid == user && peer.pid > 0 && ::getsid(peer.pid) == leader;
}

HolderAddress::HolderAddress(const HolderFolder& folder, const TerminalSession& session,
                             const std::string& officer) {
  const std::string name = std::to_string(session.leader) + "-" + officer;
  const std::string text = (folder.path() / name).string();
  BLO_CHECK(name.size() <= kHolderNameBytesMax);  // an officer's has at most 32 characters
  BLO_CHECK(text.size() < sizeof address_.sun_path);
  address_.sun_family = AF_UNIX;
  std::memcpy(address_.sun_path, text.c_str(), text.size() + 1);
}

bool HolderAddress::bind(int socket) const {
  return ::bind(socket, reinterpret_cast<const sockaddr*>(&address_), sizeof address_) == 0;
}

bool HolderAddress::connect(int socket) const {
  return ::connect(socket, reinterpret_cast<const sockaddr*>(&address_), sizeof address_) == 0;
}

bool send_within(int socket, ByteView bytes, milliseconds time_max) {
  const SteadyTime deadline = read_clocks().steady + time_max;
  while (!bytes.empty()) {
    if (!wait_for(socket, POLLOUT, deadline)) return false;
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && is_temporary(errno)) continue;
    if (sent <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
  return true;
}

bool receive_within(int socket, std::span<Byte> bytes, milliseconds time_max) {
  const SteadyTime deadline = read_clocks().steady + time_max;
  while (!bytes.empty()) {
    if (!wait_for(socket, POLLIN, deadline)) return false;
    const ssize_t got = ::recv(socket, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got < 0 && is_temporary(errno)) continue;
    if (got <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

int open_process(pid_t process) { return static_cast<int>(::syscall(SYS_pidfd_open, process, 0)); }

}  // namespace blo::cli
