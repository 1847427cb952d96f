#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>

#include "base/file.h"
#include "base/limits.h"
#include "message/seizure_csv.h"

namespace blo::message {
namespace {

constexpr const char* kFile = BLO_SHARED_DATA "/seizures/unodc_ids_2011_2016_central_asia.csv";
constexpr const char* kName = "1503 of 1504 real rows go out and the other says why";

/// Whether tests/skips.txt lets this test be skipped where the data are not.
bool may_be_skipped() {
  std::ifstream skips(BLO_VECTORS "/../skips.txt");
  for (std::string line; std::getline(skips, line);) {
    if (line.starts_with(std::string("unit.message: ") + kName + " | ")) return true;
  }
  return false;
}

// UNODC's Individual Drug Seizures of Central Asia may be used and not be published, so they are
// not in the tree.
TEST_CASE("1503 of 1504 real rows go out and the other says why") {
  const auto file = read_file(kFile, limits::kCsvBytesMax);
  if (!file) {
    std::cout << "SKIP: " << kName << ": there is no " << kFile << "\n";
    const char* ci = std::getenv("CI");
    if (ci != nullptr && std::string_view(ci) == "true" && !may_be_skipped()) {
      FAIL("a continuous integration run skips nothing that tests/skips.txt does not name");
    }
    SUCCEED("skipped");
    return;
  }
  std::size_t sent = 0;
  std::set<Bytes> identities;
  std::vector<std::string> rejected;
  const auto whole = read_seizure_csv(as_text(*file), {}, [&](SeizureRow row) {
    if (row.content) {
      identities.insert(row.identity);
      ++sent;
      CHECK(validate(kSeizureNotice, *row.content).has_value());
    } else {
      rejected.push_back("row " + std::to_string(row.row) + ": " + row.content.error().detail());
    }
  });
  REQUIRE(whole.has_value());
  CHECK(sent == 1503);
  CHECK(whole->all == sent + rejected.size());
  CHECK(identities.size() == 1503);  // 28 of the rows equal an earlier one
  CHECK(rejected == std::vector<std::string>{"row 1302: DRUG_UNIT is empty"});
}

}  // namespace
}  // namespace blo::message
