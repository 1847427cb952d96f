#include "office/drafts.h"

#include <catch2/catch.hpp>

namespace blo::office {

TEST_CASE("a draft is named by D and its number and in no other way") {
  CHECK(parse_draft_name(draft_name(17)) == 17);
  for (const char* name : {"", "D", "D-", "D-0", "D-01", "D-+1", "D--1", "D-1 ", " D-1", "d-1",
                           "D-17x", "17", "D-99999999999999999999"}) {
    INFO(name);
    CHECK_FALSE(parse_draft_name(name).has_value());
  }
}

}  // namespace blo::office
