#include "base/terminal.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/utf8.h"

namespace blo {
namespace {

/// No script writes more than this over one letter; a flood of them covers the lines around it.
constexpr int kMarksPerCharacterMax = 4;

constexpr char32_t kZeroWidthNonJoiner = 0x200C;

struct Range {
  char32_t first;
  char32_t last;
};

// C1 controls; Unicode's Default_Ignorable_Code_Point, among them every bidirectional control; line
// and paragraph separators; interlinear annotation; noncharacters of the first plane. Ascending.
constexpr std::array<Range, 20> kHidden{{
    {0x80, 0x9F},     {0xAD, 0xAD},     {0x34F, 0x34F},     {0x61C, 0x61C},     {0x115F, 0x1160},
    {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x200B, 0x200F},   {0x2028, 0x202E},   {0x2060, 0x206F},
    {0x3164, 0x3164}, {0xFDD0, 0xFDEF}, {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},
    {0xFFF0, 0xFFFB}, {0xFFFE, 0xFFFF}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
}};

bool is_hidden(char32_t code_point) {
  const auto* range = std::ranges::lower_bound(kHidden, code_point, {}, &Range::last);
  return range != kHidden.end() && code_point >= range->first;
}

/// Arabic, of those that take another form beside a neighbour.
bool is_joining_letter(char32_t code_point) {
  const auto point = static_cast<UChar32>(code_point);
  const int type = u_getIntPropertyValue(point, UCHAR_JOINING_TYPE);
  const bool joins =
      type == U_JT_DUAL_JOINING || type == U_JT_RIGHT_JOINING || type == U_JT_LEFT_JOINING;
  UErrorCode failed = U_ZERO_ERROR;
  return joins && u_isalpha(point) != 0 && uscript_getScript(point, &failed) == USCRIPT_ARABIC;
}

/// The next code point that is no mark over the one before; 0: there is none.
char32_t next_letter(std::string_view utf8) {
  for (std::size_t at = 0; at < utf8.size();) {
    const CodePoint point = code_point_at(utf8, at);
    if (point.bytes == 0) return 0;
    if (!is_combining(point.value)) return point.value;
    at += point.bytes;
  }
  return 0;
}

void append_byte(std::string& out, unsigned char byte) {
  if (byte == '\n') {
    out += "\\n";
  } else if (byte == '\t') {
    out += "\\t";
  } else {
    char text[8];
    std::snprintf(text, sizeof text, "\\x%02x", static_cast<unsigned>(byte));
    out += text;
  }
}

void append_code_point(std::string& out, char32_t code_point) {
  char text[16];
  std::snprintf(text, sizeof text, "U+%04X", static_cast<unsigned>(code_point));
  out += "\u2039";
  out += text;
  out += "\u203A";
}

}  // namespace

std::string terminal_safe(std::string_view utf8, Newlines newlines) {
  std::string out;
  out.reserve(utf8.size());
  int marks = kMarksPerCharacterMax;  // nothing stands under a mark at the beginning
  char32_t letter = 0;                // the last code point that was no mark
  for (std::size_t at = 0; at < utf8.size();) {
    const CodePoint point = code_point_at(utf8, at);
    const auto byte = static_cast<unsigned char>(utf8[at]);
    const std::string_view raw = utf8.substr(at, std::max<std::size_t>(point.bytes, 1));
    at += raw.size();
    if (point.bytes != 0 && is_combining(point.value) && !is_hidden(point.value)) {
      if (marks++ < kMarksPerCharacterMax) {
        out += raw;
      } else {
        append_code_point(out, point.value);
        marks = kMarksPerCharacterMax;
      }
      continue;
    }
    const bool spelt = point.bytes != 0 && point.value == kZeroWidthNonJoiner &&
                       is_joining_letter(letter) && is_joining_letter(next_letter(utf8.substr(at)));
    letter = point.bytes != 0 ? point.value : 0;
    if (spelt) {
      out += raw;
      marks = kMarksPerCharacterMax;
      continue;
    }
    const bool newline = byte == '\n';
    marks = newline ? kMarksPerCharacterMax : 0;
    if (newline && newlines == Newlines::kKeep) {
      out += raw;
    } else if (point.bytes == 0 || byte < 0x20 || byte == 0x7F) {
      append_byte(out, byte);
    } else if (is_hidden(point.value)) {
      append_code_point(out, point.value);
    } else {
      out += raw;
    }
  }
  return out;
}

}  // namespace blo
