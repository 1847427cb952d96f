// UTF-8 as RFC 3629 has it: shortest forms only, no surrogates, nothing past U+10FFFF.
#ifndef BLO_BASE_UTF8_H
#define BLO_BASE_UTF8_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace blo {

struct CodePoint {
  char32_t value;
  std::size_t bytes;  // 0: no valid code point begins here
};

/// The code point that begins at `at`, which is before the end of `text`.
[[nodiscard]] CodePoint code_point_at(std::string_view text, std::size_t at);

[[nodiscard]] bool is_utf8(std::string_view text);

/// The longest beginning of `text` that has at most `bytes_max` bytes and cuts no code point.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max);

/// A mark that is drawn over the character before it (Unicode categories Mn and Me).
[[nodiscard]] bool is_combining(char32_t code_point);

}  // namespace blo

#endif
