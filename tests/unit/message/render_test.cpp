#include <catch2/catch.hpp>

#include "base/terminal.h"
#include "base/utf8.h"
#include "example.h"

namespace blo::message {
namespace {

Bytes content_of(std::uint32_t kind, const std::string& json) {
  const auto content = from_json(kind, json);
  REQUIRE(content.has_value());
  return *content;
}

TEST_CASE("the summary of an alert says who or what and why in one line") {
  CHECK(summary(kAlert, content_of(kAlert, kSmallAlert)) ==
        "van 01A123BC, hidden compartment suspected");
  const Bytes two = content_of(
      kAlert,
      with(kSmallAlert, "[ {", "[ { \"plate\": \"B\", \"country\": {\"code\": \"TJ\"} }, {"));
  CHECK(summary(kAlert, two) == "B (TJ) and 1 more, hidden compartment suspected");
  const Bytes lines = content_of(kAlert, with(kSmallAlert, "hidden", "hidden\\n\\r\\tfake"));
  CHECK(summary(kAlert, lines) == "van 01A123BC, hidden   fake compartment suspected");
}

TEST_CASE("the summary of a seizure says what and where and when") {
  CHECK(summary(kSeizureNotice, content_of(kSeizureNotice, test_data("oybek_2024_seizure.json"))) ==
        "1981 Gram Hashish, Oybek\u2013Fotehobod, UZ, 2024-03-07");
}

TEST_CASE("a summary is short and cuts no character") {
  std::string reason;
  for (int i = 0; i < 300; ++i) reason += "\u0416";
  const std::string line = summary(kAlert, content_of(kAlert, with(kSmallAlert, "hidden", reason)));
  CHECK(line.size() <= 163);
  CHECK(line.ends_with("\u0416\u2026"));
}

TEST_CASE("the case of Oybek and Fotehobod reads as an officer would tell it") {
  CHECK(render(kSeizureNotice, content_of(kSeizureNotice, test_data("oybek_2024_seizure.json"))) ==
        R"(SEIZURE NOTICE
Status:         confirmed
Date:           2024-03-07
Crossing point: Oybek opposite Fotehobod
Country:        UZ
Drug:           1981 Gram Hashish; packages: 2
Concealment:    magnetic attachment; trailer; Two bags fixed by magnets to the trailer of a cargo van.
Vehicle:        cargo van
Remarks:        A public case: United Nations in Tajikistan, April 2024. Evaluation and status are this example's.
Handling:       H0: only for preventing and combating crime
Source:         A: no doubt about the source
Information:    1: accurate beyond doubt
)");
}

TEST_CASE("an alert shows its warnings first and the defaults of what it does not say") {
  const Bytes content = content_of(
      kAlert,
      with(kSmallAlert, "\"vehicles\"",
           R"("warnings": ["escape-risk", "bites"], "containers": [{"number": "CSQU3054383"}],
                      "persons": [{"surnames": "A", "forenames": "B", "birthDate": "1980",
                                   "nationalities": [{"code": "KZ"}], "remarks": "tall"}],
                      "vehicles")"));
  CHECK(render(kAlert, content) == R"(ALERT
WARNING:        escape risk
WARNING:        bites
Person:         A B, born 1980; nationality KZ; tall
Vehicle:        van 01A123BC
Container:      container CSQU3054383
Reason:         hidden compartment suspected
On a hit:       search and report
Handling:       H0: only for preventing and combating crime
Source:         X: source cannot be assessed
Information:    4: cannot be corroborated
)");
}

TEST_CASE("a text with line ends cannot pass for a label") {
  const Bytes content =
      content_of(kAlert, with(kSmallAlert, "hidden", "x\\nHandling: none\\r\\nReason: none"));
  const std::string shown = terminal_safe(render(kAlert, content), Newlines::kKeep);
  CHECK(shown.find("\nHandling: none") == std::string::npos);
  CHECK(shown.find("\n                Handling: none\\x0d\n                Reason: none") !=
        std::string::npos);
}

TEST_CASE("of what is longer than there is room for the beginning is rendered") {
  const Bytes content = content_of(kAlert, with(kSmallAlert, "hidden", "a\\nб\\n\\n"));
  const std::string whole = render(kAlert, content);
  for (std::size_t bytes = 0; bytes <= whole.size() + 1; ++bytes) {
    const auto beginning = render_beginning(kAlert, content, bytes);
    INFO(beginning.text);
    CHECK(beginning.cut == (bytes < whole.size()));
    CHECK(whole.starts_with(beginning.text));
    CHECK(beginning.text.size() + 1 >= std::min(bytes, whole.size()));  // no letter is cut
    CHECK(is_utf8(beginning.text));
  }
}

TEST_CASE("a content of line ends alone becomes no longer than there is room for") {
  std::string texts;
  for (int i = 0; i < 60; ++i) {
    std::string ends;
    for (int j = 0; j < 4'096; ++j) ends += "\\n";
    texts +=
        (i == 0 ? "" : ", ") + ("{\"number\": \"CSQU3054383\", \"remarks\": \"" + ends + "\"}");
  }
  const Bytes content = content_of(kAlert, with(kSmallAlert, R"("vehicles")",
                                                R"("containers": [)" + texts + R"(], "vehicles")"));
  constexpr std::size_t kRoom = 1'000'000;
  const auto beginning = render_beginning(kAlert, content, kRoom);
  CHECK(beginning.cut);
  CHECK(beginning.text.size() == kRoom);
  CHECK(render(kAlert, content).size() > 4 * kRoom);
}

TEST_CASE("what cannot be read is said to be so") {
  CHECK(summary(kAlert, as_bytes("\xFF")) == "content that cannot be read");
  CHECK(render(kAlert, as_bytes("\xFF")) == "Content that cannot be read\n");
  const Bytes alert = content_of(kAlert, kSmallAlert);
  CHECK(summary(9, alert) == "message of a kind that is not known");
  CHECK(render(kSeizureNotice, alert) == "Message of a kind that is not known\n");
  CHECK(summary(kAlert, {}) == "message of a kind that is not known");
}

}  // namespace
}  // namespace blo::message
