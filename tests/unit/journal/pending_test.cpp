#include "journal/pending.h"

#include <catch2/catch.hpp>

namespace blo::journal {

TEST_CASE("pending findings say what they are and are found by entry") {
  PendingFindings pending;
  pending.add(3, FindingCode::kSignature, "first");
  pending.add(7, FindingCode::kSignature, "first");
  pending.add(9, FindingCode::kDuplicate, "second");
  pending.add(0, FindingCode::kStamp, "later");
  REQUIRE(pending.all().size() == 4);
  CHECK(pending.what(pending.all()[1]) == "first");
  CHECK(pending.what(pending.all()[2]) == "second");
  CHECK(pending.has(7, 3));
  CHECK_FALSE(pending.has(8, 3));
  CHECK_FALSE(pending.has(9, 2));
}

TEST_CASE("of very many pending findings the first have their own sentence and all are counted") {
  PendingFindings pending;
  for (std::uint64_t i = 0; i < 5'000; ++i) {
    pending.add(i, FindingCode::kSignature, "about " + std::to_string(i));
  }
  CHECK(pending.all().size() == 5'000);
  CHECK(pending.what(pending.all()[999]) == "about 999");
  CHECK(pending.what(pending.all()[1'000]) == pending.what(pending.all()[4'999]));
}

}  // namespace blo::journal
