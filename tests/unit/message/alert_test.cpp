#include "message/alert.h"

#include <catch2/catch.hpp>

#include "example.h"

namespace blo::message {
namespace {

AlertFlags flags() {
  AlertFlags flags;
  flags.reason = "hidden compartment suspected";
  flags.action = "search and report";
  return flags;
}

TEST_CASE("flags give the content that the same JSON gives") {
  AlertFlags all = flags();
  all.vehicles = {"01A123BC/UZ", "B 777"};
  all.persons = {"KARIMOV, Anvar, 1980-02-29", "DOE", "DOE, 1990", "DE LA CRUZ, Ana Maria"};
  all.documents = {"UZ/P/AA1234567"};
  all.containers = {"csqu 305438-3"};
  all.goods = "shoe polish";
  all.warnings = {"armed", "has a dog"};
  const auto content = alert_from_flags(all);
  REQUIRE(content.has_value());
  const auto expected = from_json(kAlert, R"({"alert": {
    "reason": "hidden compartment suspected", "action": "search and report",
    "warnings": ["armed", "has a dog"],
    "persons": [{"surnames": "KARIMOV", "forenames": "Anvar", "birthDate": "1980-02-29"},
                {"surnames": "DOE"}, {"surnames": "DOE", "birthDate": "1990"},
                {"surnames": "DE LA CRUZ", "forenames": "Ana Maria"}],
    "vehicles": [{"plate": "01A123BC", "country": {"code": "UZ"}}, {"plate": "B 777"}],
    "documents": [{"country": {"code": "UZ"}, "type": "P", "number": "AA1234567"}],
    "containers": [{"number": "CSQU3054383"}],
    "goods": [{"description": "shoe polish"}]}})");
  REQUIRE(expected.has_value());
  CHECK(*content == *expected);
}

TEST_CASE("the flag at fault is named") {
  const auto error = [](auto change) {
    AlertFlags wrong = flags();
    wrong.goods = "x";
    change(wrong);
    return detail(alert_from_flags(wrong));
  };
  CHECK(error([](AlertFlags&) {}) == "");
  CHECK(error([](AlertFlags& f) { f.goods = ""; }).starts_with("none of --person, --vehicle"));
  CHECK(error([](AlertFlags& f) { f.reason = ""; }) == "--reason is missing");
  CHECK(error([](AlertFlags& f) { f.action = " "; }).starts_with("--action is missing"));
  CHECK(error([](AlertFlags& f) { f.warnings = {""}; }) == "--warning is empty");
  CHECK(error([](AlertFlags& f) { f.vehicles = {"01A/Uz"}; }) ==
        "--vehicle is not a country code of ISO 3166-1 such as UZ: 'Uz'");
  for (const char* text : {"", "/UZ", "01A/", "01A/UZ/1"}) {
    CHECK(error([&](AlertFlags& f) {
            f.vehicles = {text};
          }).starts_with("--vehicle is not PLATE or PLATE/COUNTRY"));
  }
  for (const char* text : {"", ",", "A,", ",B", "A, B, C", "A, B, C, 1980"}) {
    CHECK(error([&](AlertFlags& f) {
            f.persons = {text};
          }).starts_with("--person is not 'SURNAME, Forenames'"));
  }
  CHECK(error([](AlertFlags& f) {
          f.persons = {"A, B, 1981-02-29"};
        }).starts_with("--person is not a date"));
  for (const char* text : {"", "AA1", "UZ/AA1", "UZ/P/", "UZ/P/AA/1"}) {
    CHECK(error([&](AlertFlags& f) {
            f.documents = {text};
          }).starts_with("--document is not COUNTRY/TYPE/NUMBER"));
  }
  CHECK(error([](AlertFlags& f) {
          f.containers = {"CSQU3054384"};
        }).starts_with("--container has the check digit 4 where 3 belongs"));
  CHECK(error([](AlertFlags& f) { f.goods = "\xFF"; }) == "--goods is not UTF-8");
  CHECK(error([](AlertFlags& f) {
          f.goods = std::string(4097, 'x');
        }).starts_with("--goods is 4097 bytes long"));
}

}  // namespace
}  // namespace blo::message
