#include "control/export_path.h"

#include <catch2/catch.hpp>

namespace blo::control {
namespace {

TEST_CASE("paths of an export are taken apart") {
  CHECK(export_path_parts("certificates.pem") == std::vector<std::string>{"certificates.pem"});
  CHECK(
      export_path_parts("live_UZ-OYBEK_TJ-FOTEHOBOD_1/tile/0/x001/234.p/5") ==
      std::vector<std::string>{"live_UZ-OYBEK_TJ-FOTEHOBOD_1", "tile", "0", "x001", "234.p", "5"});
}

TEST_CASE("a path that could lead out of the folder has no parts") {
  const std::string path =
      GENERATE(as<std::string>(), "", "/", "/etc/passwd", "..", "../a", "a/../b", "a/..", ".",
               "./a", "a/./b", ".hidden", "a/.ssh", "a//b", "a/", "-rf", "a/-rf", "a\\b", "C:a",
               "a b", "a\nb", "a\x1b[2Jb", "\xd0\xb0", "~", "a/~root", "_a");
  INFO(path);
  CHECK(export_path_parts(path).empty());
}

TEST_CASE("a zero byte does not end a path early") {
  CHECK(export_path_parts(std::string_view("a\0b", 3)).empty());
}

TEST_CASE("a path of an export is bounded in length and depth") {
  CHECK(export_path_parts(std::string(255, 'a')).size() == 1);
  CHECK(export_path_parts(std::string(256, 'a')).empty());
  std::string deep = "a";
  for (int i = 1; i < 12; ++i) deep += "/a";
  CHECK(export_path_parts(deep).size() == 12);
  CHECK(export_path_parts(deep + "/a").empty());
}

}  // namespace
}  // namespace blo::control
