// Words of the command line as values; each failure says which word and what was expected.
#ifndef BLO_CLI_BLO_PARSING_H
#define BLO_CLI_BLO_PARSING_H

#include "base/clock.h"
#include "base/ids.h"
#include "failure.h"

namespace blo::cli {

[[nodiscard]] Outcome<OfficeId> parse_office(const std::string& text);
[[nodiscard]] Outcome<Network> parse_network_option(const std::string& text);
/// RFC 3339.
[[nodiscard]] Outcome<WallTime> parse_time(const std::string& text);
/// RFC 3339, or a day, which begins at 00:00 UTC.
[[nodiscard]] Outcome<WallTime> parse_day_or_time(const std::string& text);

}  // namespace blo::cli

#endif
