#include "base/nearest.h"

#include <catch2/catch.hpp>

namespace blo {
namespace {

using Words = std::vector<std::string>;

const Words kCommands{"send",  "show",   "status", "inbox", "outbox", "import", "ack",
                      "acted", "alarms", "drafts", "trail", "hold",   "release"};

}  // namespace

TEST_CASE("a slip is a letter left out, added or another, or two neighbours swapped") {
  CHECK(slips_between("send", "send") == 0);
  CHECK(slips_between("sed", "send") == 1);
  CHECK(slips_between("seend", "send") == 1);
  CHECK(slips_between("sent", "send") == 1);
  CHECK(slips_between("sned", "send") == 1);
  CHECK(slips_between("ssned", "send") == 2);
  CHECK(slips_between("", "send") == 4);
  CHECK(slips_between("send", "") == 4);
  CHECK(slips_between("", "") == 0);
}

TEST_CASE("a mistyped word has the known ones that are nearest to it") {
  CHECK(nearest("sned", kCommands) == Words{"send"});
  CHECK(nearest("SHOW", kCommands) == Words{"show"});
  CHECK(nearest("stauts", kCommands) == Words{"status"});
  CHECK(nearest("inbx", kCommands) == Words{"inbox"});
  CHECK(nearest("acked", kCommands) == Words{"acted"});
  CHECK(nearest("imp", kCommands) == Words{"import"});
  CHECK(nearest("precedense", Words{"precedence", "purpose"}) == Words{"precedence"});
  CHECK(nearest("lost", Words{"list", "last", "long"}) == Words{"list", "last"});
}

TEST_CASE("where nothing is near nothing is guessed") {
  for (const char* word : {"", "s", "xy", "frobnicate", "report", "audit", "delete", "search"}) {
    INFO(word);
    CHECK(nearest(word, kCommands).empty());
  }
  CHECK(nearest(std::string(65, 'a'), Words{std::string(65, 'a')}).empty());
  CHECK(nearest("send", Words{}).empty());
}

TEST_CASE("letters of ASCII alone change their case") {
  CHECK(ascii_upper("tj-fotehobod/2") == "TJ-FOTEHOBOD/2");
  CHECK(ascii_lower("FLASH") == "flash");
  CHECK(ascii_upper("\xd0\xb0 \xc4\xb1i") == "\xd0\xb0 \xc4\xb1I");
  CHECK(ascii_lower("@[`{") == "@[`{");
}

}  // namespace blo
