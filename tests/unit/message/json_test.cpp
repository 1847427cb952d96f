#include <catch2/catch.hpp>

#include "example.h"
#include "message/bounds.h"

namespace blo::message {
namespace {

std::string seizure_error(const std::string& from, const std::string& to) {
  return detail(from_json(kSeizureNotice, with(kSmallSeizure, from, to)));
}

TEST_CASE("the example files are valid messages of their kind") {
  CHECK(from_json(kAlert, test_data("oybek_2024_alert.json")).has_value());
  CHECK(from_json(kSeizureNotice, test_data("oybek_2024_seizure.json")).has_value());
  CHECK_FALSE(from_json(kAlert, test_data("oybek_2024_seizure.json")).has_value());
  CHECK_FALSE(from_json(kSeizureNotice, test_data("oybek_2024_alert.json")).has_value());
}

TEST_CASE("content survives JSON and comes back as the same bytes") {
  for (const auto& [kind, file] : {std::pair(kAlert, "oybek_2024_alert.json"),
                                   std::pair(kSeizureNotice, "oybek_2024_seizure.json")}) {
    const auto content = from_json(kind, test_data(file));
    REQUIRE(content.has_value());
    CHECK(validate(kind, *content).has_value());
    const auto json = to_json(kind, *content);
    REQUIRE(json.has_value());
    const auto again = from_json(kind, *json);
    REQUIRE(again.has_value());
    CHECK(*again == *content);
  }
}

TEST_CASE("JSON has the fields in the order of the proto in lowerCamelCase") {
  const auto content = from_json(kSeizureNotice, test_data("oybek_2024_seizure.json"));
  REQUIRE(content.has_value());
  const auto json = to_json(kSeizureNotice, *content);
  REQUIRE(json.has_value());
  std::size_t at = 0;
  for (const char* field :
       {"\"handling\"", "\"evaluation\"", "\"seizure\"", "\"status\"", "\"date\"",
        "\"crossingPoint\"", "\"drugs\"", "\"amount\": \"1981\"", "\"packages\": 2",
        "\"MAGNETIC_ATTACHMENT\"", "\"hidingPlace\"", "\"vehicles\"", "\"remarks\""}) {
    INFO(field);
    at = json->find(field, at);
    REQUIRE(at != std::string::npos);
  }
}

TEST_CASE("a quantity that is not a number is named with its field and line and value") {
  const auto result = from_json(kSeizureNotice, with(kSmallSeizure, "1981", "12,5x"));
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error() == MessageError::kBadValue);
  CHECK(result.error().detail() ==
        "seizure.drugs[0].quantity.amount (line 5) is not a number such as 12 or 12.5: '12,5x'");
  for (const char* amount : {"-1", "+1", "1e3", ".5", "5.", "1.2.3", "0x10", "NaN", " 1", "1 000",
                             "11111111111111111111111111111111111111111"}) {
    INFO(amount);
    CHECK(seizure_error("1981", amount).find("is not a number") != std::string::npos);
  }
  for (const char* amount : {"0", "0.0", "0.11660999999999999", "007", "1981.0"}) {
    CHECK(seizure_error("1981", amount).empty());
  }
}

TEST_CASE("what is missing is named by the field and the line around it") {
  CHECK(seizure_error(R"("date": "2024-03-07",)", "") == "seizure.date (line 1) is missing");
  CHECK(seizure_error(R"("unit": "Gram")", R"("unit": " ")") ==
        "seizure.drugs[0].quantity.unit (line 6) is missing");
  CHECK(seizure_error(R"("substance": "Hashish",)", "") ==
        "seizure.drugs[0].substance (line 4) is missing");
  CHECK(seizure_error(R"({ "country": { "code": "UZ" } })", "{ }") ==
        "seizure.place.country (line 3) is missing: a place is at least a country");
  const auto empty = from_json(kAlert, "{}");
  REQUIRE_FALSE(empty.has_value());
  CHECK(empty.error() == MessageError::kMissingField);
  CHECK(empty.error().message() ==
        "alert (line 1) is missing: the kind says it is one: the message does not say all it must");
}

TEST_CASE("an unknown field is an error that names it and the ones there are") {
  const auto result = from_json(kSeizureNotice, with(kSmallSeizure, "\"amount\"", "\"ammount\""));
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error() == MessageError::kUnknownField);
  CHECK(result.error().detail() ==
        "seizure.drugs[0].quantity.ammount (line 5) is not known here; there are amount, unit");
  CHECK(detail(from_json(kAlert, R"({"reason": "x"})")) ==
        "reason (line 1) is not known here; there are handling, evaluation, alert, seizure, "
        "opened, acted");
  CHECK(detail(from_json(kAlert, "{\"\\u001b[2J\": 1}")).starts_with("\\x1b[2J (line 1) is not"));
  CHECK_FALSE(from_json(kSeizureNotice, with(kSmallSeizure, "\"date\"", "\"Date\"")).has_value());
}

TEST_CASE("a value of the wrong type says which one it must be") {
  CHECK(seizure_error("\"1981\"", "1981") ==
        "seizure.drugs[0].quantity.amount (line 5) cannot be the number 1981; it must be a text in "
        "quotes");
  CHECK(seizure_error("\"2024-03-07\"", "null").find("seizure.date (line 2) is missing") == 0);
  CHECK(seizure_error("\"2024-03-07\"", "true").find("cannot be true or false") !=
        std::string::npos);
  CHECK(seizure_error("\"2024-03-07\"", "[]").find("cannot be a list; it must be a text") !=
        std::string::npos);
  CHECK(seizure_error("{ \"code\": \"UZ\" }", "\"UZ\"") ==
        "seizure.place.country (line 3) cannot be a text; it must be an object in { }");
  CHECK(seizure_error("[ { \"substance\"", "{ \"drug\": [ { \"substance\"")
            .find("seizure.drugs (line 4) cannot be an object; it must be a list in [ ]") == 0);
  CHECK(seizure_error("[ { \"substance\"", "[ [], { \"substance\"")
            .find("seizure.drugs[0] (line 4) cannot be a list; each element must be an object") ==
        0);
  CHECK(seizure_error("\"substance\"", "\"packages\": -2, \"substance\"") ==
        "seizure.drugs[0].packages (line 4) cannot be the number -2; it must be a whole number "
        "without quotes");
  CHECK(seizure_error("\"substance\"", "\"packages\": 4294967296, \"substance\"") != "");
  CHECK(seizure_error("\"substance\"", "\"packages\": 1.5, \"substance\"") != "");
  CHECK(seizure_error("\"substance\"", "\"packages\": 4294967295, \"substance\"") == "");
}

TEST_CASE("a code outside its list is an error that gives the list") {
  CHECK(seizure_error("\"date\"", "\"status\": \"FINAL\", \"date\"") ==
        "seizure.status (line 2) is not one of PRELIMINARY, CONFIRMED, CORRECTED, WITHDRAWN: "
        "'FINAL'");
  CHECK(seizure_error("\"date\"", "\"status\": \"STATUS_UNSPECIFIED\", \"date\"") != "");
  CHECK(seizure_error("\"date\"", "\"status\": 1, \"date\"") != "");
  CHECK(seizure_error("\"UZ\"", "\"UK\"") ==
        "seizure.place.country.code (line 3) is not a country code of ISO 3166-1 such as UZ: 'UK'");
}

TEST_CASE("broken JSON is an error with line and column") {
  const auto result = from_json(kSeizureNotice, with(kSmallSeizure, "1981\",", "1981\""));
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error() == MessageError::kMalformed);
  CHECK(result.error().detail().starts_with("line 6, column "));
  for (const std::string text :
       {"", " ", "{", "[]", "null", "1", "\"a\"", "{} {}", "{\"alert\": }", "{\"alert\": {}",
        "// no\n{}", "{\"alert\": {\"reason\": \"\xC3\"}}", "{'alert': {}}", "{\"alert\": {},}"}) {
    INFO(text);
    const auto broken = from_json(kAlert, text);
    REQUIRE_FALSE(broken.has_value());
    CHECK(broken.error() == MessageError::kMalformed);
  }
  CHECK(detail(from_json(kAlert, "{\n  \"alert\" 1 }")).starts_with("line 2, column 11: "));
}

TEST_CASE("a field given twice is an error and so are two kinds in one content") {
  CHECK(seizure_error("\"date\"", "\"date\": \"2024-01-01\", \"date\"") ==
        "seizure.date (line 2) is there twice");
  CHECK(detail(from_json(kAlert, "{\"alert\": {},\n\"seizure\": {}}")) ==
        "seizure (line 2) cannot stand beside alert");
}

TEST_CASE("deep and large and long JSON is refused") {
  CHECK_FALSE(from_json(kAlert, std::string(100'000, '[')).has_value());
  CHECK(from_json(kAlert, std::string(kJsonBytesMax + 1, ' ')).error() == MessageError::kTooLarge);
  std::string many = "{\"alert\": {\"warnings\": [";
  for (int i = 0; i < kListLengthMax; ++i) many += "\"armed\",";
  const auto full = from_json(kAlert, many + "\"armed\"]}}");
  REQUIRE_FALSE(full.has_value());
  CHECK(full.error() == MessageError::kTooLarge);
  CHECK(full.error().detail() ==
        "alert.warnings[64] (line 1) is one element too many; at most 64 are allowed");
  const std::string goods = "{\"description\": \"" + std::string(kTextBytesMax, 'x') + "\"}";
  std::string heavy = "{\"alert\": {\"reason\": \"r\", \"action\": \"a\", \"goods\": [" + goods;
  for (int i = 1; i < kListLengthMax; ++i) heavy += "," + goods;
  const auto too_heavy = from_json(kAlert, heavy + "]}}");
  REQUIRE_FALSE(too_heavy.has_value());
  CHECK(too_heavy.error() == MessageError::kTooLarge);
}

TEST_CASE("texts are bounded and have no zero character") {
  const std::string name(kNameBytesMax, 'x');
  CHECK(seizure_error("Hashish", name).empty());
  CHECK(seizure_error("Hashish", name + "x") ==
        "seizure.drugs[0].substance (line 4) is 401 bytes long; at most 400 are allowed");
  CHECK(seizure_error("Hashish", "a\\u0000b") ==
        "seizure.drugs[0].substance (line 4) contains a zero character");
  CHECK(seizure_error("Hashish", "a\\u001bb").empty());
}

}  // namespace
}  // namespace blo::message
