// The settings in force: the configuration under the command line, read again on SIGHUP.
#ifndef BLO_DAEMON_SETTINGS_H
#define BLO_DAEMON_SETTINGS_H

#include "daemon/arguments.h"
#include "daemon/config.h"

namespace blo::daemon {

class Settings {
 public:
  [[nodiscard]] static Result<Settings> load(const Arguments& arguments);

  [[nodiscard]] const Config& in_force() const { return in_force_; }

  /// Reads the configuration again. What may change while running, log_level and monitors, is in
  /// force at once; of the rest diagnostics say what waits for a restart. With an error in the file
  /// everything stays as it is, and diagnostics name the error.
  void reload();

 private:
  explicit Settings(const Arguments& arguments) : arguments_(arguments) {}
  [[nodiscard]] Result<Config> read() const;

  Arguments arguments_;
  Config in_force_;
};

}  // namespace blo::daemon

#endif
