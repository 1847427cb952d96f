#include "daemon/arguments.h"

#include <CLI/CLI.hpp>

namespace blo::daemon {

std::optional<Arguments> parse_arguments(int argc, char** argv, int& exit_code) {
  Arguments arguments;
  arguments.home = "/var/lib/blo";
  CLI::App app(
      "blod: the daemon of one Border Liaison Office.\n"
      "It keeps the office's journals, talks to the counterparts it is paired with, and serves "
      "blo.");
  app.set_version_flag("--version", "blod " BLO_VERSION);
  app.add_option("--home", arguments.home,
                 "the office's home: keys, certificates, store, control socket")
      ->capture_default_str();
  app.add_option("--config", arguments.config,
                 "the configuration (default: blod.toml in the home)");
  app.add_option("--listen", arguments.listen,
                 "address to listen on, HOST:PORT or [V6]:PORT; port 0 takes a free one");
  app.add_option(
      "--passphrase-file", arguments.passphrase_file,
      "opens a sealed office.key; readable by blod's user alone; without it the systemd credential "
      "blo-passphrase does, where there is one");
  app.add_option("--log-level", arguments.log_level, "debug, info, warning or error");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    exit_code = app.exit(error) == 0 ? 0 : 2;
    return std::nullopt;
  }
  return arguments;
}

}  // namespace blo::daemon
