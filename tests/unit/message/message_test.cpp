#include "message/message.h"

#include <catch2/catch.hpp>

#include "base/limits.h"
#include "example.h"

namespace blo::message {
namespace {

Bytes valid_alert() {
  const auto content = from_json(kAlert, kSmallAlert);
  REQUIRE(content.has_value());
  return *content;
}

std::string alert_error(const std::string& from, const std::string& to) {
  return detail(from_json(kAlert, with(kSmallAlert, from, to)));
}

std::string seizure_error(const std::string& from, const std::string& to) {
  return detail(from_json(kSeizureNotice, with(kSmallSeizure, from, to)));
}

TEST_CASE("bytes that are not a content are malformed") {
  CHECK(validate(kAlert, as_bytes("\xFF\xFF")).error() == MessageError::kMalformed);
  Bytes truncated = valid_alert();
  truncated.pop_back();
  CHECK(validate(kAlert, truncated).error() == MessageError::kMalformed);
  Bytes trailing = valid_alert();
  trailing.push_back(0x0C);  // the end of a group that never began
  CHECK(validate(kAlert, trailing).error() == MessageError::kMalformed);
}

TEST_CASE("a text that is not UTF-8 makes the content malformed") {
  Bytes content = valid_alert();
  *std::ranges::find(content, 'h') = 0xFF;
  CHECK(validate(kAlert, content).error() == MessageError::kMalformed);
}

TEST_CASE("content past its bound is refused unread") {
  CHECK(validate(kAlert, Bytes(limits::kContentBytesMax + 1)).error() == MessageError::kTooLarge);
}

TEST_CASE("fields of newer versions pass") {
  Bytes content = valid_alert();
  append(content, as_bytes("\x92\x06\x03new"));  // field 98, a text
  CHECK(validate(kAlert, content).has_value());
  CHECK(to_json(kAlert, content).has_value());
}

TEST_CASE("a code of a newer version passes and is shown as a number") {
  // alert { purpose: 40, reason "r", action "a", goods { description "g" } }
  const std::string_view content(
      "\x52\x0D\x08\x28\x12\x01r\x1A\x01"
      "a\x4A\x03\x0A\x01g",
      15);
  CHECK(detail(validate(kAlert, as_bytes(content))) == "");
  CHECK(render(kAlert, as_bytes(content)).find("Purpose:        code 40\n") != std::string::npos);
}

TEST_CASE("a handling code that is not known is refused because nobody could enforce it") {
  Bytes content = valid_alert();
  append(content, as_bytes(std::string_view("\x0A\x03\x0A\x01\x09", 5)));  // handling { codes: 9 }
  const auto result = validate(kAlert, content);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().detail() == "handling.codes[0] is not one of H0, H1, H2, H3");
}

TEST_CASE("content of another kind is refused and so is a kind that is not known") {
  const Bytes content = valid_alert();
  CHECK(validate(kAlert, content).has_value());
  CHECK(validate(kSeizureNotice, content).error() == MessageError::kMissingField);
  CHECK(validate(0, content).error() == MessageError::kUnknownKind);
  CHECK(validate(99, content).error() == MessageError::kUnknownKind);
  CHECK(to_json(kSeizureNotice, content).error() == MessageError::kMissingField);
}

TEST_CASE("validation of what a counterpart sent names the field and never its value") {
  // seizure { date "SECRETDATE" }
  const auto result = validate(kSeizureNotice, as_bytes("\x5A\x0C\x12\x0ASECRETDATE"));
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error() == MessageError::kBadValue);
  CHECK(result.error().detail().starts_with("seizure.date is not a date"));
  CHECK(result.error().message().find("SECRET") == std::string::npos);
}

TEST_CASE("an alert says whom or what to look for and why and what to do") {
  CHECK(alert_error("hidden compartment suspected", " ") == "alert.reason (line 2) is missing");
  CHECK(alert_error("search and report", "").starts_with("alert.action (line 3) is missing"));
  CHECK(alert_error("{ \"type\": \"van\", \"plate\": \"01A123BC\" }", "")
            .starts_with("alert (line 1) says not who or what to look for"));
  CHECK(alert_error("\"type\": \"van\", \"plate\": \"01A123BC\"", "\"remarks\": \"fast\"")
            .starts_with("alert.vehicles[0].plate (line 4) is missing"));
  CHECK(alert_error("\"vehicles\"", "\"warnings\": [\"armed\", \"\"], \"vehicles\"") ==
        "alert.warnings[1] (line 4) is empty");
}

TEST_CASE("each subject of an alert is checked") {
  const std::string vehicles = R"("vehicles": [ { "type": "van", "plate": "01A123BC" } ])";
  CHECK(alert_error(vehicles, R"("persons": [ { "surnames": "A", "birthDate": "1980-02-30" } ])") ==
        "alert.persons[0].birthDate (line 4) is not a date such as 1980-02-29, 1980-02 or 1980: "
        "'1980-02-30'");
  for (const char* date : {"1980-02-29", "1980-02", "1980"}) {
    CHECK(alert_error(vehicles, R"("persons": [ { "surnames": "A", "birthDate": ")" +
                                    std::string(date) + "\" } ]") == "");
  }
  CHECK(alert_error(vehicles, R"("persons": [ { "remarks": "tall" } ])") ==
        "alert.persons[0].surnames (line 4) is missing");
  CHECK(alert_error(vehicles, R"("persons": [ { "forenames": "A", "nationalities": [ {} ] } ])")
            .starts_with("alert.persons[0].nationalities[0] (line 4) names no country"));
  CHECK(alert_error(vehicles, R"("documents": [ { "type": "P" } ])") ==
        "alert.documents[0].number (line 4) is missing");
  CHECK(
      alert_error(vehicles, R"("containers": [ { "number": "CSQU3054384" } ])") ==
      "alert.containers[0].number (line 4) has the check digit 4 where 3 belongs: a character was "
      "misread or mistyped: 'CSQU3054384'");
  CHECK(alert_error(vehicles,
                    R"("goods": [ { "description": "x", "quantity": { "amount": "1" } } ])") ==
        "alert.goods[0].quantity.unit (line 4) is missing");
}

TEST_CASE("a seizure needs a date that exists with a zone where it has a time") {
  for (const char* date : {"2023-02-29", "2024-3-7", "07.03.2024", "2024-03-07T05:12:09",
                           "2024-03-07 05:12:09Z", "2024-03-07T25:00:00Z", "yesterday"}) {
    INFO(date);
    CHECK(seizure_error("2024-03-07", date).starts_with("seizure.date (line 2) is not a date"));
  }
  for (const char* date : {"2024-02-29", "2024-03-07T05:12:09Z", "2024-03-07T05:12:09.5+05:00"}) {
    CHECK(seizure_error("2024-03-07", date) == "");
  }
}

TEST_CASE("a seizure of goods needs no drugs and one of nothing is no seizure") {
  const std::string goods = with(kSmallSeizure, "\"drugs\"", "\"goods\"");
  CHECK(from_json(kSeizureNotice, with(goods, "substance", "description")).has_value());
  CHECK(detail(from_json(kSeizureNotice, R"({"seizure": {"date": "2024-03-07",
      "place": {"country": {"reported": "Unknown"}}}})"))
            .starts_with("seizure.drugs (line 1) is missing, and there are no other goods"));
}

TEST_CASE("handling codes combine and H3 says what it restricts") {
  const auto error = [](const std::string& handling) {
    return detail(from_json(
        kAlert, with(kSmallAlert, "{ \"alert\"", "{ \"handling\": " + handling + ", \"alert\"")));
  };
  CHECK(error(R"({"codes": ["H1", "H2", "H3"], "text": "not to the press"})") == "");
  CHECK(error(R"({"codes": ["H3"]})").starts_with("handling.text (line 1) is missing"));
  CHECK(error(R"({"codes": ["H1"], "text": "not to the press"})") ==
        "handling.text (line 1) is a restriction without the code H3");
  CHECK(error(R"({"codes": ["H1", "H1"]})") == "handling.codes[0] (line 1) is there twice");
  CHECK(error(R"({"codes": ["H4"]})") ==
        "handling.codes[0] (line 1) is not one of H0, H1, H2, H3: 'H4'");
}

TEST_CASE("an evaluation outside four by four is an error") {
  const auto error = [](const std::string& evaluation) {
    return detail(from_json(kAlert, with(kSmallAlert, "{ \"alert\"",
                                         "{ \"evaluation\": " + evaluation + ", \"alert\"")));
  };
  CHECK(error(R"({"source": "A", "information": 1})") == "");
  CHECK(error(R"({"source": "D"})") == "evaluation.source (line 1) is not one of A, B, C, X: 'D'");
  CHECK(error(R"({"information": 5})") ==
        "evaluation.information (line 1) is not 1, 2, 3 or 4: '5'");
}

}  // namespace
}  // namespace blo::message
