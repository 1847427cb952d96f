// The only way to a user's terminal: what is written here cannot drive it.
#ifndef BLO_CLI_BLO_REPORT_H
#define BLO_CLI_BLO_REPORT_H

#include <string>
#include <string_view>

#include "failure.h"
#include "json.h"

namespace blo::cli {

/// One field from content, a name or the counterpart, for use inside a line: terminal_safe, with
/// newlines shown as `\n`.
[[nodiscard]] std::string safe(std::string_view text);

/// Writes `text`, which may be several lines, and a newline to stdout; terminal_safe once more.
/// Fields from outside that stand within a line go through safe() first, or they could add lines.
void say(std::string_view text);
/// As `say`, to stderr.
void warn(std::string_view text);

/// One JSON value on a line of its own on stdout.
void print(const Json& json);

/// Why the command ends: for people on stderr, with `json` as {"error": …} on stdout.
void complain(const Failure& failure, bool json);

/// Flushes stdout; false when something could not be written (a full disk, a closed pipe).
[[nodiscard]] bool all_written();

}  // namespace blo::cli

#endif
