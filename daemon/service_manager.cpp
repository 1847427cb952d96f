#include "daemon/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "base/descriptor.h"

namespace blo::daemon {

ServiceManager ServiceManager::of_environment() {
  const char* socket = std::getenv("NOTIFY_SOCKET");
  return ServiceManager(socket == nullptr ? "" : socket);
}

void ServiceManager::status(std::string_view sentence) {
  if (sentence == said_) return;
  said_ = sentence;
  std::string line = "STATUS=" + said_;
  std::ranges::replace(line, '\n', ' ');  // a line is a field
  send(line);
}

void ServiceManager::ready() { send("READY=1"); }

void ServiceManager::reloading() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto microseconds = std::to_string(now.tv_sec * 1'000'000 + now.tv_nsec / 1'000);
  send("RELOADING=1\nMONOTONIC_USEC=" + microseconds);
}

void ServiceManager::stopping() { send("STOPPING=1"); }

void ServiceManager::send(std::string_view lines) const {
  sockaddr_un address{};
  if (socket_.empty() || socket_.size() >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(static_cast<char*>(address.sun_path), socket_.data(), socket_.size());
  if (socket_.front() == '@') address.sun_path[0] = '\0';
  const Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  // Not waited for: a manager that does not read must not hold up the office.
  static_cast<void>(::sendto(socket.get(), lines.data(), lines.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                             reinterpret_cast<const sockaddr*>(&address), length));
}

}  // namespace blo::daemon
