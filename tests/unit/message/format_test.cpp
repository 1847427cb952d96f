#include <catch2/catch.hpp>
#include <sstream>

#include "base/file.h"
#include "base/hex.h"
#include "example.h"

namespace blo::message {
namespace {

/// What stands between ``` with this label and the next ```.
std::string block(const std::string& page, const std::string& label) {
  const std::string fence = "```" + label + "\n";
  const auto begin = page.find(fence);
  if (begin == std::string::npos) return {};
  const auto from = begin + fence.size();
  return page.substr(from, page.find("```", from) - from);
}

/// The bytes of a commented dump: in each line pairs of digits up to the first word that is none.
Bytes dumped(const std::string& dump) {
  Bytes bytes;
  std::istringstream lines(dump);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    for (std::string word; words >> word;) {
      const auto part = from_hex(word);
      if (!part) break;
      append(bytes, *part);
    }
  }
  return bytes;
}

TEST_CASE("the example in the format's description is the content it says it is") {
  const auto file = read_file(BLO_DOCS "/format/message.md", 1 << 20);
  REQUIRE(file.has_value());
  const std::string page = to_string(ByteView(*file));
  const auto content = from_json(kAlert, block(page, "json"));
  REQUIRE(content.has_value());
  CHECK(to_hex(*content) == to_hex(dumped(block(page, "hex"))));
}

}  // namespace
}  // namespace blo::message
