// blod.toml: strict, every unknown key is an error that names its line.
#ifndef BLO_DAEMON_CONFIG_H
#define BLO_DAEMON_CONFIG_H

#include <filesystem>
#include <vector>

#include "base/diag.h"
#include "base/ip_endpoint.h"
#include "base/result.h"
#include "office/overdue.h"
#include "office/quota.h"
#include "office/retention.h"
#include "office/watching.h"

namespace blo::daemon {

struct Config {
  std::vector<std::string> listen{"0.0.0.0:7117", "[::]:7117"};
  std::vector<IpEndpoint> announce;  // to counterparts, where this office can be dialled; none
  diag::Level log_level = diag::Level::kInfo;
  std::string legal_basis;               // for pairing files; empty: each invitation names its own
  std::string control_group;             // of the control socket; empty: the process's
  std::filesystem::path control_socket;  // empty: control.sock in the home
  office::ReceiptTimes receipts;         // [receipts]: when a receipt is overdue
  office::QuotaLimits quota = office::kQuotaOfADay;  // [quota]: of each counterpart
  office::WatchLimits alarms;                        // [alarms]
  /// Unix users' numbers: who may ask for the status and the alarms without an officer's key.
  std::vector<std::uint64_t> monitors;
  bool trust_ntp = true;             // a clock that NTP keeps in step is believed
  std::filesystem::path ntp_state;   // who tells of NTP; empty: the kernel is asked
  office::RetentionRules retention;  // [retention]: how long contents are kept; none: for ever
};

enum class ConfigError { kSyntax = 1, kUnknownKey, kBadValue };
[[nodiscard]] boost::system::error_code make_error_code(ConfigError error);

/// A missing file is the defaults. GuardError for one that others may change.
[[nodiscard]] Result<Config> load_config(const std::filesystem::path& path);
/// "90s", "15m", "26h" or "3d", of at most `longest`. kBadValue.
[[nodiscard]] Result<milliseconds> parse_duration(std::string_view text, std::chrono::days longest);
/// "90s", "15m", "26h" or "3d": at most 366 days; "off" is no duration. kBadValue.
[[nodiscard]] Result<std::optional<milliseconds>> parse_patience(std::string_view text);
[[nodiscard]] Result<diag::Level> parse_log_level(std::string_view text);
[[nodiscard]] std::string_view log_level_name(diag::Level level);

}  // namespace blo::daemon

template <>
struct boost::system::is_error_code_enum<blo::daemon::ConfigError> : std::true_type {};

#endif
