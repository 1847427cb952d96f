// What systemd is told of the service: sd_notify(3)'s protocol, which is one datagram of lines.
#ifndef BLO_DAEMON_SERVICE_MANAGER_H
#define BLO_DAEMON_SERVICE_MANAGER_H

#include <string>
#include <string_view>

namespace blo::daemon {

/// Nothing is told where nobody listens: without NOTIFY_SOCKET in the environment, or when its
/// owner does not take it. Written here and not linked from libsystemd, which would load libraries
/// for compression and more into the process that holds the office's keys.
class ServiceManager {
 public:
  [[nodiscard]] static ServiceManager of_environment();

  /// A sentence for `systemctl status`; the same again is not sent.
  void status(std::string_view sentence);
  /// Officers are served.
  void ready();
  void reloading();
  void stopping();

 private:
  explicit ServiceManager(std::string socket) : socket_(std::move(socket)) {}
  void send(std::string_view lines) const;

  std::string socket_;  // a path, or "@" and a name in the abstract namespace; empty: nobody
  std::string said_;
};

}  // namespace blo::daemon

#endif
