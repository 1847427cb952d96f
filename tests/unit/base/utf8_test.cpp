#include "base/utf8.h"

#include <catch2/catch.hpp>

namespace blo {
namespace {

TEST_CASE("valid UTF-8 at the edges of each length is accepted") {
  CHECK(is_utf8(""));
  CHECK(is_utf8("\x7F"));
  CHECK(is_utf8("\xC2\x80"));
  CHECK(is_utf8("\xDF\xBF\xE0\xA0\x80"));
  CHECK(is_utf8("\xED\x9F\xBF\xEE\x80\x80"));
  CHECK(is_utf8("\xEF\xBF\xBF\xF0\x90\x80\x80"));
  CHECK(is_utf8("\xF4\x8F\xBF\xBF"));
}

TEST_CASE("overlong forms and surrogates and truncations are not UTF-8") {
  for (const char* text :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xED\xBF\xBF",
        "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xC2", "\xE2\x82",
        "\xF0\x90\x80", "\xC2\x41"}) {
    CHECK_FALSE(is_utf8(text));
  }
}

TEST_CASE("a prefix never cuts a code point") {
  CHECK(utf8_prefix("Ойбек", 5) == "Ой");
  CHECK(utf8_prefix("Ойбек", 4) == "Ой");
  CHECK(utf8_prefix("Ойбек", 1) == "");
  CHECK(utf8_prefix("Ойбек", 10) == "Ойбек");
}

TEST_CASE("combining marks are told from letters") {
  for (const char32_t point :
       {0x300U, 0x36FU, 0x489U, 0x5BFU, 0x64BU, 0x93CU, 0x20DDU, 0xFE20U, 0x1E94AU}) {
    CHECK(is_combining(point));
  }
  for (const char32_t point :
       {0x0U, 0x61U, 0x2FFU, 0x370U, 0x431U, 0x4B3U, 0x915U, 0xE01F0U, 0x10FFFFU}) {
    CHECK_FALSE(is_combining(point));
  }
}

}  // namespace
}  // namespace blo
