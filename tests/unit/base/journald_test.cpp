#include "base/journald.h"

#include <catch2/catch.hpp>

namespace blo::journald {
namespace {

using namespace std::string_literals;

TEST_CASE("a field of one line is NAME=value, and one of several has its length before it") {
  CHECK(encode({{"MESSAGE", "alarm raised"}, {"BLO_ALARM", "forked"}}) ==
        "MESSAGE=alarm raised\nBLO_ALARM=forked\n");
  CHECK(encode({{"MESSAGE", "a\nPRIORITY=0"}, {"PRIORITY", "4"}}) ==
        "MESSAGE\n\x0c\0\0\0\0\0\0\0a\nPRIORITY=0\nPRIORITY=4\n"s);
  CHECK(encode({{"BLO_SUBJECT", ""}}) == "BLO_SUBJECT=\n");
}

}  // namespace
}  // namespace blo::journald
