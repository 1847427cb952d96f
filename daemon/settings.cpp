#include "daemon/settings.h"

#include "transport/address.h"

namespace blo::daemon {

Result<Settings> Settings::load(const Arguments& arguments) {
  Settings settings(arguments);
  auto config = settings.read();
  if (!config) return config.error();
  settings.in_force_ = std::move(*config);
  return settings;
}

Result<Config> Settings::read() const {
  auto config =
      load_config(arguments_.config.empty() ? arguments_.home / "blod.toml" : arguments_.config);
  if (!config) return config.error();
  if (!arguments_.listen.empty()) config->listen = arguments_.listen;
  if (arguments_.log_level) {
    const auto level = parse_log_level(*arguments_.log_level);
    if (!level) return level.error();
    config->log_level = *level;
  }
  for (const auto& address : config->listen) {
    if (const auto endpoint = transport::parse_endpoint(address); !endpoint) {
      return endpoint.error().within("listen");
    }
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
  // Whoever asked gets an answer, also where the level is higher.
  diag::start(diag::Level::kInfo);
  if (fresh->listen != in_force_.listen) {
    diag::info("SIGHUP: listen has changed and takes effect when blod is restarted");
  }
  diag::info("SIGHUP: the configuration is read again; log_level is " +
             std::string(log_level_name(in_force_.log_level)));
  diag::start(in_force_.log_level);
}

}  // namespace blo::daemon
