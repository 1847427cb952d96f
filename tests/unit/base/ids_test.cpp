#include "base/ids.h"

#include <catch2/catch.hpp>

namespace blo {
namespace {

TEST_CASE("An office is two letters of a country and 2 to 16 of A-Z0-9") {
  for (const char* text : {"UZ-OYBEK", "TJ-FOTEHOBOD", "KG-A1", "AF-0123456789ABCDEF"}) {
    const auto id = OfficeId::parse(text);
    REQUIRE(id.has_value());
    CHECK(id->text() == text);
    CHECK(id->country() == std::string_view(text).substr(0, 2));
  }
  for (const char* text : {"",
                           "UZ",
                           "UZ-",
                           "UZ-A",
                           "uz-OYBEK",
                           "UZ-oybek",
                           "UZOYBEK",
                           "UZ_OYBEK",
                           "UZ-OY BEK",
                           "UZ-OYBEK ",
                           " UZ-OYBEK",
                           "UZ-OY/BEK",
                           "UZ-OY-BEK",
                           "U-OYBEK",
                           "UZB-OYBEK",
                           "U1-OYBEK",
                           "AF-0123456789ABCDEFG",
                           "UZ-OYBE\xc5\x96",
                           "UZ-..",
                           "UZ-OYBEK\n"}) {
    INFO(text);
    CHECK_FALSE(OfficeId::parse(text).has_value());
  }
  CHECK_FALSE(OfficeId::parse(std::string_view("UZ-OY\0BEK", 9)).has_value());
}

TEST_CASE("A network is live or exercise and a country two letters") {
  CHECK(parse_network("live") == Network::kLive);
  CHECK(parse_network("exercise") == Network::kExercise);
  for (const char* text : {"", "Live", "LIVE", "test", "live "}) {
    CHECK_FALSE(parse_network(text).has_value());
  }
  CHECK(is_country("UZ"));
  for (const char* text : {"", "U", "UZB", "uz", "U1", "U "}) CHECK_FALSE(is_country(text));
}

TEST_CASE("A number is decimal without sign or leading zeros or anything else") {
  CHECK(parse_decimal("0") == 0);
  CHECK(parse_decimal("18446744073709551615") == UINT64_MAX);
  for (const char* text : {"", "00", "01", "+1", "-1", " 1", "1 ", "1a", "0x1", "1.0", "1e3",
                           "18446744073709551616", "99999999999999999999999"}) {
    INFO(text);
    CHECK_FALSE(parse_decimal(text).has_value());
  }
}

TEST_CASE("An origin parses back to itself") {
  for (const char* text :
       {"live/UZ-OYBEK/TJ-FOTEHOBOD/1", "exercise/TJ-FOTEHOBOD/UZ-OYBEK/4294967295"}) {
    const auto origin = Origin::parse(text);
    REQUIRE(origin.has_value());
    CHECK(origin->text() == text);
  }
}

TEST_CASE("What is not exactly an origin is refused") {
  for (const char* text :
       {"", "live", "live/UZ-OYBEK/TJ-FOTEHOBOD", "live/UZ-OYBEK/TJ-FOTEHOBOD/",
        "live/UZ-OYBEK/TJ-FOTEHOBOD/0", "live/UZ-OYBEK/TJ-FOTEHOBOD/01",
        "live/UZ-OYBEK/TJ-FOTEHOBOD/4294967296", "live/UZ-OYBEK/TJ-FOTEHOBOD/1/",
        "/live/UZ-OYBEK/TJ-FOTEHOBOD/1", "live//UZ-OYBEK/TJ-FOTEHOBOD/1",
        "other/UZ-OYBEK/TJ-FOTEHOBOD/1", "live/trail/UZ-OYBEK/1", "live/UZ-OYBEK/trail",
        "live/UZ-OYBEK/trail/0", "live/UZ-OYBEK/UZ-OYBEK/1", "cosignature/v1"}) {
    INFO(text);
    CHECK_FALSE(Origin::parse(text).has_value());
  }
}

TEST_CASE("A message number prints one way: the generation stands there only when it is not 1") {
  const auto first = MessageNumber::parse("UZ-OYBEK/TJ-FOTEHOBOD/1042");
  REQUIRE(first.has_value());
  CHECK(first->generation == 1);
  CHECK(first->index == 1042);
  CHECK(first->text() == "UZ-OYBEK/TJ-FOTEHOBOD/1042");
  const auto later = MessageNumber::parse("UZ-OYBEK/TJ-FOTEHOBOD/2/0");
  REQUIRE(later.has_value());
  CHECK(later->generation == 2);
  CHECK(later->index == 0);
  CHECK(later->text() == "UZ-OYBEK/TJ-FOTEHOBOD/2/0");
  for (const char* text :
       {"", "UZ-OYBEK/TJ-FOTEHOBOD", "UZ-OYBEK/TJ-FOTEHOBOD/", "UZ-OYBEK/UZ-OYBEK/1",
        "UZ-OYBEK/TJ-FOTEHOBOD/0/1", "UZ-OYBEK/TJ-FOTEHOBOD/-1", "UZ-OYBEK/TJ-FOTEHOBOD/2/3/4",
        "live/UZ-OYBEK/TJ-FOTEHOBOD/1"}) {
    INFO(text);
    CHECK_FALSE(MessageNumber::parse(text).has_value());
  }
}

}  // namespace
}  // namespace blo
