#include "base/lines.h"

#include <catch2/catch.hpp>

namespace blo {
namespace {

TEST_CASE("a line is taken with its newline") {
  std::string_view text = "one\n\nthree";
  CHECK(take_line(text) == "one");
  CHECK(take_line(text) == "");
  CHECK(text == "three");
}

TEST_CASE("what no newline ends is not taken") {
  std::string_view text = "three";
  CHECK(take_line(text) == std::nullopt);
  CHECK(text == "three");
}

TEST_CASE("what stands before an end is taken with that end") {
  std::string_view text = "a%%\nb";
  CHECK(take_until(text, "%%\n") == "a");
  CHECK(text == "b");
  CHECK(take_until(text, "%%\n") == std::nullopt);
  CHECK(text == "b");
}

}  // namespace
}  // namespace blo
