#include "daemon/config.h"

#include <pwd.h>
#include <toml++/toml.h>

#include <charconv>
#include <tuple>

#include "base/error_category.h"
#include "base/file.h"
#include "base/guarded_file.h"
#include "base/limits.h"
#include "identity/pairing.h"
#include "message/message.h"
#include "office/addresses.h"

namespace blo::daemon {
namespace {

constexpr std::chrono::days kKeptMax(36'500);
constexpr std::size_t kBasisBytesMax = 100;
constexpr std::size_t kUserBytesMax = 16 * 1024;  // an entry of the user database

const char* sentence(ConfigError error) {
  switch (error) {
    case ConfigError::kSyntax: return "this is not TOML";
    case ConfigError::kUnknownKey: return "there is no such setting";
    case ConfigError::kBadValue: return "this value does not fit the setting";
  }
  return "unknown configuration error";
}

std::string place(const std::filesystem::path& path, const toml::source_region& source) {
  return path.string() + ", line " + std::to_string(source.begin.line);
}

/// One time for every precedence, or a table with some of them.
Result<void> read_patience(const toml::node& value, office::Patience& patience) {
  if (const auto all = value.value_exact<std::string>()) {
    const auto parsed = parse_patience(*all);
    if (!parsed) return parsed.error();
    patience.fill(*parsed);
    return {};
  }
  const auto* table = value.as_table();
  if (table == nullptr) return Error(ConfigError::kBadValue, "not a time");
  for (const auto& [key, time] : *table) {
    const auto precedence = journal::parse_precedence(key.str());
    if (!precedence) return Error(ConfigError::kUnknownKey, std::string(key.str()));
    const auto parsed = parse_patience(time.value_or<std::string>(""));
    if (!parsed) return parsed.error().within(std::string(key.str()));
    patience[static_cast<std::size_t>(*precedence) - 1] = *parsed;
  }
  return {};
}

Result<void> read_receipts(const toml::node& value, office::ReceiptTimes& times) {
  const auto* table = value.as_table();
  if (table == nullptr) return Error(ConfigError::kBadValue, "not a table");
  for (const auto& [key, one] : *table) {
    const std::string name(key.str());
    office::Patience* patience = nullptr;
    if (name == "stored") patience = &times.stored;
    if (name == "opened") patience = &times.opened;
    if (name == "acted") patience = &times.acted;
    if (name == "read") patience = &times.read;
    if (patience == nullptr) return Error(ConfigError::kUnknownKey, name);
    if (const auto read = read_patience(one, *patience); !read) return read.error().within(name);
  }
  return {};
}

Result<void> read_quota(const toml::node& value, office::QuotaLimits& quota) {
  const auto* table = value.as_table();
  if (table == nullptr) return Error(ConfigError::kBadValue, "not a table");
  for (const auto& [key, one] : *table) {
    const std::string name(key.str());
    std::uint64_t* limit = nullptr;
    std::uint64_t least = 0;
    if (name == "entries")
      std::tie(limit, least) = std::pair(&quota.entries, office::kQuotaMin.entries);
    if (name == "bytes") std::tie(limit, least) = std::pair(&quota.bytes, office::kQuotaMin.bytes);
    if (name == "refusals")
      std::tie(limit, least) = std::pair(&quota.refusals, office::kQuotaMin.refusals);
    if (limit == nullptr) return Error(ConfigError::kUnknownKey, name);
    const auto count = one.value_exact<std::int64_t>();
    if (!count || *count < static_cast<std::int64_t>(least))
      return Error(ConfigError::kBadValue,
                   name + " (a number from " + std::to_string(least) + " on)");
    *limit = static_cast<std::uint64_t>(*count);
  }
  return {};
}

/// "5%", "500M" or "2G".
Result<office::DiskFloor> read_floor(const std::string& text) {
  const Error bad(ConfigError::kBadValue,
                  "'" + text + "' (a share such as 10%, a size such as 500M or 2G, or off)");
  std::uint32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end + 1 != text.data() + text.size() || count == 0) return bad;
  switch (*end) {
    case '%':
      if (count > 99) return bad;
      return office::DiskFloor{UINT64_MAX, count};
    case 'M': return office::DiskFloor{std::uint64_t{count} << 20, 100};
    case 'G': return office::DiskFloor{std::uint64_t{count} << 30, 100};
    default: return bad;
  }
}

Result<void> read_alarms(const toml::node& value, office::WatchLimits& limits) {
  const auto* table = value.as_table();
  if (table == nullptr) return Error(ConfigError::kBadValue, "not a table");
  for (const auto& [key, one] : *table) {
    const std::string name(key.str());
    const auto text = one.value_exact<std::string>().value_or("");
    if (name == "disk") {
      limits.disk.reset();
      if (text == "off") continue;
      const auto floor = read_floor(text);
      if (!floor) return floor.error().within(name);
      limits.disk = *floor;
      continue;
    }
    if (name != "backup" && name != "contact" && name != "clock")
      return Error(ConfigError::kUnknownKey, name);
    const auto patience = parse_patience(text);
    if (!patience) return patience.error().within(name);
    if (name == "contact") limits.contact = *patience;
    if (name == "clock") limits.clock = *patience;
    if (name != "backup") continue;
    limits.backup.reset();
    if (*patience) limits.backup = office::BackupPatience{**patience, true};
  }
  return {};
}

/// The number of the Unix user of that name.
Result<std::uint64_t> find_user(const std::string& name) {
  std::vector<char> buffer(kUserBytesMax);
  passwd entry{};
  passwd* found = nullptr;
  if (name.empty() ||
      ::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 ||
      found == nullptr) {
    return Error(ConfigError::kBadValue, "'" + name + "' (this machine has no such user)");
  }
  return std::uint64_t{entry.pw_uid};
}

Result<void> read_monitors(const toml::node& value, std::vector<std::uint64_t>& monitors) {
  const auto* names = value.as_array();
  if (names == nullptr) return Error(ConfigError::kBadValue, "not a list");
  for (const auto& name : *names) {
    const auto user = find_user(name.value_exact<std::string>().value_or(""));
    if (!user) return user.error();
    monitors.push_back(*user);
  }
  return {};
}

/// `alert = { keep = "1095d", basis = "Act 12, article 4" }`
Result<office::RetentionRule> read_rule(const toml::node& value, std::uint32_t kind) {
  const auto* table = value.as_table();
  if (table == nullptr)
    return Error(ConfigError::kBadValue, "not a table ({ keep = \"1095d\", basis = \"…\" })");
  office::RetentionRule rule{kind, {}, {}};
  for (const auto& [key, setting] : *table) {
    if (key == "keep") {
      const auto kept = parse_duration(setting.value_or<std::string>(""), kKeptMax);
      if (!kept) return kept.error().within("keep");
      rule.kept = *kept;
    } else if (key == "basis") {
      rule.basis = setting.value_or<std::string>("");
    } else {
      return Error(ConfigError::kUnknownKey, std::string(key.str()));
    }
  }
  const bool printable =
      std::ranges::all_of(rule.basis, [](char c) { return c >= ' ' && c <= '~'; });
  if (rule.kept.count() == 0) return Error(ConfigError::kBadValue, "keep is missing");
  if (rule.basis.empty() || rule.basis.size() > kBasisBytesMax || !printable)
    return Error(ConfigError::kBadValue, "basis (1 to 100 characters of ASCII)");
  return rule;
}

Result<void> read_retention(const toml::node& value, office::RetentionRules& rules) {
  const auto* table = value.as_table();
  if (table == nullptr) return Error(ConfigError::kBadValue, "not a table");
  for (const auto& [key, one] : *table) {
    const std::string name(key.str());
    std::uint32_t kind = 0;
    if (name == journal::to_string(journal::Kind::kAlert)) kind = message::kAlert;
    if (name == journal::to_string(journal::Kind::kSeizureNotice)) kind = message::kSeizureNotice;
    if (kind == 0) return Error(ConfigError::kUnknownKey, name);
    auto rule = read_rule(one, kind);
    if (!rule) return rule.error().within(name);
    rules.push_back(std::move(*rule));
  }
  return {};
}

/// Only what counterparts take.
Result<void> read_announce(const toml::node& value, std::vector<IpEndpoint>& announce) {
  const auto* addresses = value.as_array();
  if (addresses == nullptr) return Error(ConfigError::kBadValue, "not a list");
  for (const auto& address : *addresses) {
    const auto text = address.value_exact<std::string>().value_or("");
    const auto endpoint = IpEndpoint::parse(text);
    if (!endpoint)
      return Error(ConfigError::kBadValue,
                   "'" + text + "' (an IP address and a port, such as 192.0.2.1:7117)");
    if (const auto why = office::unfit_because(*endpoint))
      return Error(ConfigError::kBadValue, "'" + text + "' (" + std::string(*why) +
                                               ": no counterpart dials such an address)");
    announce.push_back(*endpoint);
  }
  if (announce.size() <= limits::kAddressesMax) return {};
  return Error(ConfigError::kBadValue,
               "more than " + std::to_string(limits::kAddressesMax) + " addresses");
}

}  // namespace

Result<milliseconds> parse_duration(std::string_view text, std::chrono::days longest) {
  const Error bad(ConfigError::kBadValue, "'" + std::string(text) +
                                              "' (a time such as 90s, 15m, 26h or 3d, of at most " +
                                              std::to_string(longest.count()) + "d)");
  std::uint32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end + 1 != text.data() + text.size() || count == 0) return bad;
  milliseconds unit{};
  switch (*end) {
    case 's': unit = seconds(1); break;
    case 'm': unit = std::chrono::minutes(1); break;
    case 'h': unit = std::chrono::hours(1); break;
    case 'd': unit = std::chrono::days(1); break;
    default: return bad;
  }
  if (count > longest / unit) return bad;
  return count * unit;
}

Result<std::optional<milliseconds>> parse_patience(std::string_view text) {
  if (text == "off") return std::optional<milliseconds>();
  const auto duration = parse_duration(text, std::chrono::days(366));
  if (!duration) {
    return Error(ConfigError::kBadValue,
                 "'" + std::string(text) + "' (a time such as 90s, 15m, 26h or 3d, or off)");
  }
  return std::optional(*duration);
}

boost::system::error_code make_error_code(ConfigError error) {
  static const ErrorCategory<ConfigError, sentence> category("blo.config");
  return {static_cast<int>(error), category};
}

std::string_view log_level_name(diag::Level level) {
  switch (level) {
    case diag::Level::kDebug: return "debug";
    case diag::Level::kInfo: return "info";
    case diag::Level::kWarning: return "warning";
    case diag::Level::kError: return "error";
  }
  return "unknown";
}

Result<diag::Level> parse_log_level(std::string_view text) {
  for (const auto level :
       {diag::Level::kDebug, diag::Level::kInfo, diag::Level::kWarning, diag::Level::kError}) {
    if (text == log_level_name(level)) return level;
  }
  return Error(ConfigError::kBadValue,
               "log level '" + std::string(text) + "' (debug, info, warning, error)");
}

Result<Config> load_config(const std::filesystem::path& path) {
  Config config;
  const auto text = read_guarded_file(path, limits::kSmallFileBytesMax, Readers::kAnyone);
  if (!text) {
    if (text.error() == FileError::kNotFound) return config;
    return text.error();
  }
  toml::table table;
  try {
    table = toml::parse(as_text(*text), path.string());
  } catch (const toml::parse_error& error) {
    return Error(ConfigError::kSyntax,
                 place(path, error.source()) + " (" + std::string(error.description()) + ")");
  }
  for (const auto& [key, value] : table) {
    const std::string where = place(path, value.source()) + ", " + std::string(key.str());
    if (key == "listen") {
      const auto* addresses = value.as_array();
      if (addresses == nullptr) return Error(ConfigError::kBadValue, where);
      config.listen.clear();
      for (const auto& address : *addresses) {
        const auto text_value = address.value_exact<std::string>();
        if (!text_value) return Error(ConfigError::kBadValue, where);
        config.listen.push_back(*text_value);
      }
    } else if (key == "announce") {
      if (const auto read = read_announce(value, config.announce); !read)
        return read.error().within(where);
    } else if (key == "log_level") {
      const auto level = parse_log_level(value.value_or<std::string>(""));
      if (!level) return level.error().within(where);
      config.log_level = *level;
    } else if (key == "legal_basis") {
      config.legal_basis = value.value_or<std::string>("");
      if (!identity::is_legal_basis(config.legal_basis))
        return Error(ConfigError::kBadValue, where + " (1 to 500 bytes in one line)");
    } else if (key == "control_group") {
      config.control_group = value.value_or<std::string>("");
      if (config.control_group.empty()) return Error(ConfigError::kBadValue, where);
    } else if (key == "control_socket") {
      config.control_socket = value.value_or<std::string>("");
      if (!config.control_socket.is_absolute())
        return Error(ConfigError::kBadValue, where + " (a path from /)");
    } else if (key == "trust_ntp") {
      const auto trust = value.value_exact<bool>();
      if (!trust) return Error(ConfigError::kBadValue, where + " (true or false)");
      config.trust_ntp = *trust;
    } else if (key == "receipts") {
      if (const auto read = read_receipts(value, config.receipts); !read)
        return read.error().within(where);
    } else if (key == "quota") {
      if (const auto read = read_quota(value, config.quota); !read)
        return read.error().within(where);
    } else if (key == "alarms") {
      if (const auto read = read_alarms(value, config.alarms); !read)
        return read.error().within(where);
    } else if (key == "monitors") {
      if (const auto read = read_monitors(value, config.monitors); !read)
        return read.error().within(where);
    } else if (key == "retention") {
      if (const auto read = read_retention(value, config.retention); !read)
        return read.error().within(where);
    } else {
      return Error(ConfigError::kUnknownKey, where);
    }
  }
  return config;
}

}  // namespace blo::daemon
