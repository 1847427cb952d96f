// Small questions about texts. Private to lib/message.
#ifndef BLO_MESSAGE_TEXT_H
#define BLO_MESSAGE_TEXT_H

#include <string_view>

namespace blo::message {

/// Without the spaces, tabs and line ends around it.
[[nodiscard]] constexpr std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

[[nodiscard]] constexpr bool is_blank(std::string_view text) { return trim(text).empty(); }

}  // namespace blo::message

#endif
