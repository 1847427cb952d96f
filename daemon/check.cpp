#include "daemon/check.h"

#include "daemon/control_server.h"
#include "daemon/home.h"

namespace blo::daemon {

Result<Settings> check_configuration(const Arguments& arguments) {
  if (const auto ok = check_home(arguments.home); !ok) return ok.error();
  auto settings = Settings::load(arguments);
  if (!settings) return settings;
  const Config& config = settings->in_force();
  const auto socket = control_socket_path(arguments.home, config.control_socket);
  if (!socket) return socket.error();
  if (const auto group = find_group(config.control_group); !group) return group.error();
  return settings;
}

}  // namespace blo::daemon
