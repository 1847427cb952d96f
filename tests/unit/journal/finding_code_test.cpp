#include "journal/finding_code.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <regex>
#include <set>

namespace blo::journal {
namespace {

std::set<std::string> documented() {
  std::ifstream page(std::string(BLO_DOCS) + "/auditing.md");
  REQUIRE(page.good());
  const std::regex row("^\\| `(E-[A-Z-]+)` \\| .*");
  std::set<std::string> codes;
  std::smatch found;
  for (std::string line; std::getline(page, line);) {
    if (std::regex_match(line, found, row)) CHECK(codes.insert(found[1]).second);
  }
  return codes;
}

}  // namespace

TEST_CASE("every finding code is documented and nothing else is") {
  std::set<std::string> codes;
  for (int code = 1; to_string(static_cast<FindingCode>(code)) != "E-UNKNOWN"; ++code) {
    CAPTURE(code);
    CHECK(codes.emplace(to_string(static_cast<FindingCode>(code))).second);
  }
  CHECK(codes == documented());
}

}  // namespace blo::journal
