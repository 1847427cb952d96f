#include "daemon/settings.h"

#include <unistd.h>

#include <cstdlib>
#include <set>

#include "daemon/home.h"
#include "transport/address.h"

namespace blo::daemon {
namespace {

/// Where the control socket lies unless the configuration says it: in the folder under /run that
/// systemd gives a service (RuntimeDirectory=), which takes a socket also where the home takes no
/// writes; without one in the home.
std::filesystem::path default_control_socket() {
  const char* folder = std::getenv("RUNTIME_DIRECTORY");  // several are told apart by colons
  if (folder == nullptr || *folder != '/' ||
      std::string_view(folder).find(':') != std::string_view::npos)
    return {};
  return std::filesystem::path(folder) / "control.sock";
}

}  // namespace

Result<Settings> Settings::load(const Arguments& arguments) {
  Settings settings(arguments);
  auto config = settings.read();
  if (!config) return config.error();
  settings.in_force_ = std::move(*config);
  return settings;
}

Result<Config> Settings::read() const {
  const auto path = arguments_.config.empty() ? arguments_.home / "blod.toml" : arguments_.config;
  if (const auto ok = check_access(path, R_OK); !ok) return ok.error();
  auto config = load_config(path);
  if (!config) return config.error();
  if (!arguments_.listen.empty()) config->listen = arguments_.listen;
  if (arguments_.log_level) {
    const auto level = parse_log_level(*arguments_.log_level);
    if (!level) return level.error();
    config->log_level = *level;
  }
  config->ntp_state = arguments_.ntp_state;
  if (config->control_socket.empty()) config->control_socket = default_control_socket();
  std::set<boost::asio::ip::tcp::endpoint> endpoints;
  for (const auto& address : config->listen) {
    const auto endpoint = transport::parse_endpoint(address);
    if (!endpoint) return endpoint.error().within("listen");
    // The second would wait for the first for ever. Port 0 is another one each time.
    if (endpoint->port() != 0 && !endpoints.insert(*endpoint).second)
      return Error(ConfigError::kBadValue, "listen, " + address + " (it stands there twice)");
  }
  return config;
}

void Settings::reload() {
  const auto fresh = read();
  if (!fresh) {
    diag::error("SIGHUP: the configuration is wrong and the settings stay as they were: " +
                fresh.error().message());
    return;
  }
  in_force_.log_level = fresh->log_level;
  in_force_.monitors = fresh->monitors;
  // Whoever asked gets an answer, also where the level is higher.
  diag::start(diag::Level::kInfo);
  if (fresh->listen != in_force_.listen) {
    diag::info("SIGHUP: listen has changed and takes effect when blod is restarted");
  }
  if (fresh->announce != in_force_.announce) {
    diag::info("SIGHUP: announce has changed and takes effect when blod is restarted");
  }
  diag::info("SIGHUP: the configuration is read again; log_level is " +
             std::string(log_level_name(in_force_.log_level)));
  diag::start(in_force_.log_level);
}

}  // namespace blo::daemon
