#include "base/clock.h"

#include <charconv>
#include <cstdio>

namespace blo {
namespace {

/// Reads exactly `digits` decimal digits at `at`; -1 where there are fewer or others.
int number(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return -1;
  int value = 0;
  for (const char c : text.substr(at, digits)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

bool has(std::string_view text, std::size_t at, char c) {
  return at < text.size() && text[at] == c;
}

std::optional<std::chrono::minutes> parse_zone(std::string_view text) {
  if (text == "Z" || text == "z") return std::chrono::minutes(0);
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const int hours = number(text, 1, 2);
  const int minutes = number(text, 4, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  const std::chrono::minutes offset(hours * 60 + minutes);
  return text[0] == '-' ? -offset : offset;
}

}  // namespace

Now read_clocks() {
  return {std::chrono::floor<milliseconds>(std::chrono::system_clock::now()),
          std::chrono::floor<milliseconds>(std::chrono::steady_clock::now())};
}

std::string to_rfc3339(WallTime time) {
  constexpr std::uint64_t kEndOfYear9999 = 253402300800;
  if (to_unix_s(time) >= kEndOfYear9999) return "time out of range";
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<seconds>(time - day));
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

std::optional<std::chrono::year_month_day> parse_date(std::string_view text) {
  if (text.size() != 10 || !has(text, 4, '-') || !has(text, 7, '-')) return std::nullopt;
  const int year = number(text, 0, 4);
  const int month = number(text, 5, 2);
  const int day = number(text, 8, 2);
  if (year < 0 || month < 0 || day < 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return date;
}

std::optional<WallTime> parse_rfc3339(std::string_view text) {
  const auto date = parse_date(text.substr(0, 10));
  if (!date || !(has(text, 10, 'T') || has(text, 10, 't')) || !has(text, 13, ':') ||
      !has(text, 16, ':')) {
    return std::nullopt;
  }
  const int hour = number(text, 11, 2);
  const int minute = number(text, 14, 2);
  const int second = number(text, 17, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return std::nullopt;
  }
  std::size_t at = 19;
  int fraction_ms = 0;
  if (has(text, at, '.')) {
    int scale = 100;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) {
      fraction_ms += (text[at] - '0') * scale;
    }
    if (text[at - 1] == '.') return std::nullopt;
  }
  const auto zone = parse_zone(text.substr(at));
  if (!zone) return std::nullopt;
  return std::chrono::sys_days(*date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         seconds(second) + milliseconds(fraction_ms) - *zone;
}

}  // namespace blo
