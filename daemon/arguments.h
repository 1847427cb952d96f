// blod's command line.
#ifndef BLO_DAEMON_ARGUMENTS_H
#define BLO_DAEMON_ARGUMENTS_H

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace blo::daemon {

struct Arguments {
  std::filesystem::path home = "/var/lib/blo";
  std::filesystem::path config;     // empty: <home>/blod.toml
  std::vector<std::string> listen;  // in place of the configuration's, when given
  std::optional<std::string> log_level;
  std::filesystem::path passphrase_file;  // of office.key; empty: the systemd credential
  std::filesystem::path ntp_state;        // read in place of the kernel; empty: the kernel is asked
  std::filesystem::path tell_ntp_state;   // no office: write that file; empty: an office
  bool check = false;                     // say whether it would start, and end
};

/// Nothing when the process is to end at once, with `exit_code` (help, version: 0; usage: 2).
[[nodiscard]] std::optional<Arguments> parse_arguments(int argc, char** argv, int& exit_code);

/// Lets `show` read the options, for the man page and the completion.
void show_parser(const std::function<void(const CLI::App&)>& show);

}  // namespace blo::daemon

#endif
