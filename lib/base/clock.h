// Time is an argument: nothing in lib/ asks a clock. The edges (daemon, cli, tests) make a Now and
// pass it in.
#ifndef BLO_BASE_CLOCK_H
#define BLO_BASE_CLOCK_H

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace blo {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Calendar time, UTC, milliseconds: a claim, for people and for records.
using WallTime = std::chrono::sys_time<milliseconds>;
/// Time that never jumps: for deadlines.
using SteadyTime = std::chrono::time_point<std::chrono::steady_clock, milliseconds>;

/// One reading of both clocks.
struct Now {
  WallTime wall;
  SteadyTime steady;
};

/// Reads the machine's clocks. Only the edges call it.
[[nodiscard]] Now read_clocks();

[[nodiscard]] inline std::uint64_t to_unix_ms(WallTime time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}
[[nodiscard]] inline WallTime from_unix_ms(std::uint64_t ms) {
  return WallTime(milliseconds(static_cast<std::int64_t>(ms)));
}
[[nodiscard]] inline std::uint64_t to_unix_s(WallTime time) { return to_unix_ms(time) / 1000; }
/// Seconds too many for milliseconds give the latest time there is, not an early one.
[[nodiscard]] inline WallTime from_unix_s(std::uint64_t s) {
  constexpr std::uint64_t kLatest = INT64_MAX / 1000;
  return from_unix_ms((s < kLatest ? s : kLatest) * 1000);
}

/// "2024-03-07T05:12:09Z" (RFC 3339, whole seconds, UTC). Times past the year 9999 give "time out
/// of range".
[[nodiscard]] std::string to_rfc3339(WallTime time);

/// RFC 3339 with a zone ("Z" or "+05:00") and optional fraction; nothing for anything else, among
/// it dates that do not exist.
[[nodiscard]] std::optional<WallTime> parse_rfc3339(std::string_view text);

/// "2024-03-07": nothing where the date does not exist.
[[nodiscard]] std::optional<std::chrono::year_month_day> parse_date(std::string_view text);

}  // namespace blo

#endif
