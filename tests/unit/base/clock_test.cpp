#include "base/clock.h"

#include <catch2/catch.hpp>

namespace blo {
namespace {

std::string round_trip(std::string_view text) {
  const auto time = parse_rfc3339(text);
  return time ? to_rfc3339(*time) : "nothing";
}

TEST_CASE("A time prints as it was read") {
  for (const char* text : {"1970-01-01T00:00:00Z", "2024-03-07T05:12:09Z", "2024-02-29T23:59:59Z",
                           "2000-02-29T00:00:00Z", "9999-12-31T23:59:59Z"}) {
    CHECK(round_trip(text) == text);
  }
  CHECK(parse_rfc3339("1970-01-01T00:00:01Z") == from_unix_ms(1000));
}

TEST_CASE("Zones and fractions are taken into account") {
  CHECK(round_trip("2024-03-07T05:12:09+05:00") == "2024-03-07T00:12:09Z");
  CHECK(round_trip("2024-03-07T02:00:00+05:00") == "2024-03-06T21:00:00Z");
  CHECK(round_trip("2024-03-07T05:12:09-00:30") == "2024-03-07T05:42:09Z");
  CHECK(round_trip("2024-03-07t05:12:09z") == "2024-03-07T05:12:09Z");
  CHECK(parse_rfc3339("1970-01-01T00:00:00.5Z") == from_unix_ms(500));
  CHECK(parse_rfc3339("1970-01-01T00:00:00.0019999Z") == from_unix_ms(1));
  CHECK(parse_rfc3339("1970-01-01T00:00:00." + std::string(1000, '9') + "Z") == from_unix_ms(999));
}

TEST_CASE("Dates that do not exist and times that are not RFC 3339 are refused") {
  for (const char* text : {"",
                           "2024",
                           "2024-03-07",
                           "2024-03-07T05:12:09",
                           "2024-03-07 05:12:09Z",
                           "2024-03-07T05:12Z",
                           "2024-3-7T05:12:09Z",
                           "2024-02-30T00:00:00Z",
                           "2023-02-29T00:00:00Z",
                           "1900-02-29T00:00:00Z",
                           "2024-04-31T00:00:00Z",
                           "2024-00-01T00:00:00Z",
                           "2024-13-01T00:00:00Z",
                           "2024-01-00T00:00:00Z",
                           "2024-03-07T24:00:00Z",
                           "2024-03-07T00:60:00Z",
                           "2024-03-07T00:00:60Z",
                           "2024-03-07T-1:00:00Z",
                           "2024-03-07T05:12:09.Z",
                           "2024-03-07T05:12:09,5Z",
                           "2024-03-07T05:12:09+5:00",
                           "2024-03-07T05:12:09+0500",
                           "2024-03-07T05:12:09+24:00",
                           "2024-03-07T05:12:09+05:60",
                           "2024-03-07T05:12:09 +05:00",
                           "2024-03-07T05:12:09ZZ",
                           "2024-03-07T05:12:09Z ",
                           "+2024-03-07T05:12:09Z",
                           "20240-3-07T05:12:09Z",
                           "２024-03-07T05:12:09Z"}) {
    INFO(text);
    CHECK_FALSE(parse_rfc3339(text).has_value());
  }
}

TEST_CASE("A date alone is ten characters that exist in the calendar") {
  using namespace std::chrono_literals;
  CHECK(parse_date("2024-02-29") == std::chrono::year_month_day(2024y / 2 / 29));
  for (const char* text : {"", "2024-02-30", "2023-02-29", "2024-2-29", "2024/02/29", "24-02-29",
                           "2024-02-29T", "02-29-2024", "2024-02-2x"}) {
    INFO(text);
    CHECK_FALSE(parse_date(text).has_value());
  }
}

TEST_CASE("A time that no calendar page holds is said to be out of range") {
  CHECK(to_rfc3339(from_unix_ms(253402300800000)) == "time out of range");
  CHECK(to_rfc3339(from_unix_ms(UINT64_MAX)) == "time out of range");
  CHECK(to_rfc3339(from_unix_ms(static_cast<std::uint64_t>(INT64_MAX))) == "time out of range");
  CHECK(round_trip("1969-12-31T23:59:59Z") == "time out of range");
}

TEST_CASE("Unix seconds and milliseconds go both ways") {
  CHECK(to_unix_ms(from_unix_ms(1709788329123)) == 1709788329123);
  CHECK(to_unix_s(from_unix_ms(1709788329999)) == 1709788329);
  CHECK(from_unix_s(1709788329) == from_unix_ms(1709788329000));
}

TEST_CASE("More seconds never give an earlier time") {
  const WallTime now = from_unix_s(1709788329);
  for (const std::uint64_t s : {UINT64_MAX, UINT64_MAX / 1000 + 1, UINT64_MAX / 2000 + 1}) {
    CHECK(from_unix_s(s) > now);
  }
}

TEST_CASE("The clocks that are read go forward") {
  const Now first = read_clocks();
  const Now second = read_clocks();
  CHECK(second.steady >= first.steady);
  CHECK(to_rfc3339(first.wall) > "2024-01-01T00:00:00Z");
}

}  // namespace
}  // namespace blo
