#include "base/terminal.h"

#include <catch2/catch.hpp>

#include "base/utf8.h"

namespace blo {
namespace {

using namespace std::string_literals;

TEST_CASE("text of every script of the region is shown as it is") {
  for (const char* text :
       {"Oybek", "Сурхандарьинская область", "Ҷумҳурии Тоҷикистон", "Қырғыз", "G‘ishtko‘prik",
        "Türkmenistan", "جمهوری", "naïve cafe\u0301", "B. Konysbayev \u2116 7", "‹quoted›"}) {
    CHECK(terminal_safe(text) == text);
  }
}

TEST_CASE("control characters are shown and not sent") {
  CHECK(terminal_safe("\x1b[31mred\x1b]52;c;eA==\x07") == "\\x1b[31mred\\x1b]52;c;eA==\\x07");
  CHECK(terminal_safe("a\rb\x7f"
                      "c\0d"s) == "a\\x0db\\x7fc\\x00d");
  CHECK(terminal_safe("a\tb\nc") == "a\\tb\\nc");
}

TEST_CASE("newlines stay where they are asked for and nothing else does") {
  CHECK(terminal_safe("a\n\tb\r\n", Newlines::kKeep) == "a\n\\tb\\x0d\n");
}

TEST_CASE("a C1 control is shown both as a code point and as a stray byte") {
  CHECK(terminal_safe("\u009b31m") == "‹U+009B›31m");
  CHECK(terminal_safe("\x9b"
                      "31m") == "\\x9b31m");
}

TEST_CASE("characters that reorder or hide text are named") {
  for (const char32_t point :
       U"\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\u200E\u200F"
       U"\u061C\u200B\u200C\u200D\u2060\uFEFF\u2028\u2029\u00AD\u180E\u3164"
       U"\U000E0041"s) {
    std::string utf8;
    if (point < 0x800) {
      utf8 = {static_cast<char>(0xC0U | point >> 6U), static_cast<char>(0x80U | (point & 0x3FU))};
    } else if (point < 0x10000) {
      utf8 = {static_cast<char>(0xE0U | point >> 12U),
              static_cast<char>(0x80U | (point >> 6U & 0x3FU)),
              static_cast<char>(0x80U | (point & 0x3FU))};
    } else {
      utf8 = "\U000E0041";
    }
    const std::string shown = terminal_safe("a" + utf8 + "b");
    INFO(shown);
    CHECK(shown.starts_with("a‹U+"));
    CHECK(shown.ends_with("›b"));
    CHECK(shown.find(utf8) == std::string::npos);
  }
  CHECK(terminal_safe("a\u202Eb") == "a‹U+202E›b");
}

TEST_CASE("a non-joiner stays between letters of Arabic script alone") {
  // Between the letters of "miravad" and of "Ahmadzoda", with a mark before it, in Persian, Dari.
  for (const char* text : {"می\u200Cرود", "احمد\u200Cزاده", "مِی\u064E\u200Cرود"})
    CHECK(terminal_safe(text) == text);
  for (const char* text :
       {"a\u200Cb", "\u200Cرود", "می\u200C", "می\u200C\u200Cرود", "می\u200C رود", "می\u200Cb",
        "Ой\u200Cбек", "۱\u200C۲", "می\u200C\u202Eرود", "می\u200Dرود"}) {
    INFO(text);
    CHECK(terminal_safe(text).find("‹U+200") != std::string::npos);
    CHECK(terminal_safe(text).find("\u200C") == std::string::npos);
  }
}

TEST_CASE("bytes that are not UTF-8 are shown one by one") {
  CHECK(terminal_safe("a\xC3") == "a\\xc3");                           // truncated
  CHECK(terminal_safe("\xC0\xAF") == "\\xc0\\xaf");                    // overlong '/'
  CHECK(terminal_safe("\xE0\x80\xAF") == "\\xe0\\x80\\xaf");           // overlong
  CHECK(terminal_safe("\xED\xA0\x80") == "\\xed\\xa0\\x80");           // surrogate
  CHECK(terminal_safe("\xF4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // past U+10FFFF
  CHECK(terminal_safe("\xE2\x82И") == "\\xe2\\x82И");
}

TEST_CASE("combining marks are bounded") {
  CHECK(terminal_safe("e\u0301\u0302\u0303\u0304") == "e\u0301\u0302\u0303\u0304");
  std::string flood = "e";
  for (int i = 0; i < 1000; ++i) flood += "\u0301";
  const std::string shown = terminal_safe(flood);
  CHECK(shown.starts_with("e\u0301\u0301\u0301\u0301‹U+0301›‹U+0301›"));
  CHECK(shown.substr(9).find("\u0301") == std::string::npos);
  CHECK(terminal_safe("\u0301") == "‹U+0301›");
  CHECK(terminal_safe("a\n\u0301", Newlines::kKeep) == "a\n‹U+0301›");
}

TEST_CASE("whatever the bytes are the result is printable UTF-8") {
  std::size_t printable_texts = 0;
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second), '\x80'};
      const std::string shown = terminal_safe(text);
      bool printable = is_utf8(shown);
      for (std::size_t at = 0; printable && at < shown.size();) {
        const CodePoint point = code_point_at(shown, at);
        printable = point.value >= 0x20 && (point.value < 0x7F || point.value > 0x9F);
        at += point.bytes;
      }
      if (!printable) FAIL(first << " " << second);
      ++printable_texts;
    }
  }
  CHECK(printable_texts == 65'536);
}

}  // namespace
}  // namespace blo
