#include "identity/passphrase.h"

#include <catch2/catch.hpp>

namespace blo::identity {
namespace {

std::string canonical(std::string_view given) {
  return to_string(ByteView(canonical_passphrase(to_bytes(given))));
}

}  // namespace

TEST_CASE("a passphrase is the same from a terminal and from any editor") {
  for (const char* given : {"four random words", "four random words\n", "four random words\r\n",
                            "\xEF\xBB\xBF"
                            "four random words\r\n\n"})
    CHECK(canonical(given) == "four random words");
  CHECK(canonical(" blanks count \n") == " blanks count ");
  CHECK(canonical("two\nlines\n") == "two\nlines");
  CHECK(canonical("\n").empty());
  CHECK(canonical("\xEF\xBB\xBF").empty());
}

TEST_CASE("letters that can be written in two ways are one passphrase") {
  CHECK(canonical("и\u0306") == "й");
  CHECK(canonical("й") == "й");
  CHECK(canonical("e\u0301\u0323") == canonical("\u1EB9\u0301"));
  // What composes to more than it was.
  CHECK(canonical("\U0001D160") == "\U0001D158\U0001D165\U0001D16E");
  CHECK(canonical("\xFF\xC3 no text") == "\xFF\xC3 no text");
}

}  // namespace blo::identity
