#include "daemon/arguments.h"

#include <CLI/CLI.hpp>

#include "base/version.h"

namespace blo::daemon {

namespace {

constexpr char kAbout[] =
    "blod: the daemon of one Border Liaison Office.\n"
    "It keeps the office's journals, talks to the counterparts it is paired with, and serves "
    "blo.";

void add_options(CLI::App& app, Arguments& arguments) {
  app.set_version_flag("--version", "blod " + version_and_commit());
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
  auto* check = app.add_flag("--check", arguments.check,
                             "read home and configuration as a start does, say what is wrong, and "
                             "end; beside a blod that runs, too");
  app.add_option("--ntp-state", arguments.ntp_state,
                 "where this process may not ask the kernel of NTP: the file that says it");
  app.add_option("--tell-ntp-state", arguments.tell_ntp_state,
                 "run no office: ask the kernel of NTP and write that file, until told to stop")
      ->excludes(check);
}

}  // namespace

void show_parser(const std::function<void(const CLI::App&)>& show) {
  Arguments arguments;
  CLI::App app(kAbout, "blod");
  add_options(app, arguments);
  show(app);
}

std::optional<Arguments> parse_arguments(int argc, char** argv, int& exit_code) {
  Arguments arguments;
  CLI::App app(kAbout, "blod");
  add_options(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    exit_code = app.exit(error) == 0 ? 0 : 2;
    return std::nullopt;
  }
  return arguments;
}

}  // namespace blo::daemon
