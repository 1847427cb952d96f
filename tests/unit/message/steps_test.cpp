#include "message/steps.h"

#include <catch2/catch.hpp>

#include "base/file.h"
#include "base/hex.h"

namespace blo::message {
namespace {

Bytes acted(const std::string& outcome, const std::string& text) {
  return acted_content(outcome, text).value();
}

}  // namespace

TEST_CASE("an opened is two bytes and no others") {
  CHECK(opened_content() == Bytes{0x62, 0x00});
  CHECK(validate(kOpened, opened_content()).has_value());
  const std::vector<Bytes> others = {
      {},
      {0x62, 0x00, 0x62, 0x00},                    // the same, said twice
      {0x62, 0x03, 0x0A, 0x01, 0x41},              // a field of a newer version inside
      {0x62, 0x00, 0xFA, 0x01, 0x01, 0x41},        // and beside it
      {0x0A, 0x03, 0x0A, 0x01, 0x02, 0x62, 0x00},  // with a handling code
      acted("no-hit", "")};
  for (const auto& other : others) {
    INFO(to_hex(other));
    CHECK_FALSE(validate(kOpened, other).has_value());
  }
  CHECK_FALSE(from_json(kOpened, R"({"opened": {}, "handling": {"codes": ["H1"]}})").has_value());
  CHECK(from_json(kOpened, R"({"opened": {}})").value() == opened_content());
  CHECK(summary(kOpened, opened_content()) == "opened");
  CHECK(render(kOpened, opened_content()) == "OPENED\n");
}

TEST_CASE("every outcome can be said and is read back") {
  REQUIRE(outcomes().size() == 6);
  for (const auto& outcome : outcomes()) {
    const auto content = acted(outcome, "lane 2");
    CHECK(validate(kActed, content).has_value());
    const auto read = read_acted(content);
    REQUIRE(read.has_value());
    CHECK(read->outcome == outcome);
    CHECK(read->text == "lane 2");
    CHECK(summary(kActed, content) == outcome + ": lane 2");
    CHECK(render(kActed, content).find("Outcome:        " + outcome) != std::string::npos);
  }
  CHECK(summary(kActed, acted("no-hit", "")) == "no-hit");
}

TEST_CASE("some outcomes are told in a sentence") {
  for (const auto* outcome : {"hit", "passed-on", "not-possible"}) {
    CHECK(acted_content(outcome, "").error() == MessageError::kMissingField);
    CHECK(acted_content(outcome, " \n").error() == MessageError::kMissingField);
  }
  for (const auto* outcome : {"no-hit", "in-progress", "no-action"})
    CHECK(acted_content(outcome, "").has_value());
}

TEST_CASE("an outcome that is none is refused") {
  CHECK(acted_content("vanished", "text").error() == MessageError::kBadValue);
  CHECK(acted_content("hit", std::string(4097, 'x')).error() == MessageError::kTooLarge);
  const Bytes none = {0x6A, 0x00};
  const Bytes newer = {0x6A, 0x02, 0x08, 0x17};
  CHECK(validate(kActed, none).error() == MessageError::kMissingField);
  CHECK(validate(kActed, newer).error() == MessageError::kBadValue);
  CHECK(validate(kActed, opened_content()).error() == MessageError::kMissingField);
  CHECK_FALSE(read_acted(newer).has_value());
}

TEST_CASE("the acted in the format's description is the content it says it is") {
  const auto file = read_file(BLO_DOCS "/format/message.md", 1 << 20);
  REQUIRE(file.has_value());
  const std::string page = to_string(ByteView(*file));
  const auto begin = page.find("```hex acted\n");
  REQUIRE(begin != std::string::npos);
  std::string digits;
  const std::string dump = page.substr(begin + 13, page.find("```", begin + 13) - begin - 13);
  for (std::size_t from = 0; from < dump.size();) {
    const auto end = dump.find('\n', from);
    const std::string line = dump.substr(from, std::min<std::size_t>(end - from, 50));
    for (const char c : line) digits += c == ' ' ? "" : std::string(1, c);
    from = end + 1;
  }
  CHECK(digits == to_hex(acted("hit", "van held at lane 2")));
}

}  // namespace blo::message
