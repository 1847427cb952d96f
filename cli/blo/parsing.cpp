#include "parsing.h"

namespace blo::cli {

Outcome<OfficeId> parse_office(const std::string& text) {
  auto office = OfficeId::parse(text);
  if (!office) {
    return usage("'" + text + "' is not an office.",
                 "An office is its country's two letters, a dash and 2 to 16 of A-Z and 0-9: "
                 "UZ-OYBEK.");
  }
  return std::move(*office);
}

Outcome<Network> parse_network_option(const std::string& text) {
  const auto network = parse_network(text);
  if (!network) return usage("'" + text + "' is not a network.", "It is live or exercise.");
  return *network;
}

Outcome<WallTime> parse_time(const std::string& text) {
  const auto time = parse_rfc3339(text);
  if (!time) {
    return usage("'" + text + "' is not a time.",
                 "Write it with its zone: 2024-03-07T05:00:00+05:00.");
  }
  return *time;
}

Outcome<WallTime> parse_day_or_time(const std::string& text) {
  if (const auto day = parse_date(text))
    return WallTime(std::chrono::sys_days(*day).time_since_epoch());
  const auto time = parse_rfc3339(text);
  if (!time) {
    return usage("'" + text + "' is neither a day nor a time.",
                 "Write it as 2026-11-30, or with its zone: 2026-11-30T18:00:00+05:00.");
  }
  return *time;
}

}  // namespace blo::cli
