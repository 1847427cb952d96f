// A text taken apart from its front.
#ifndef BLO_BASE_LINES_H
#define BLO_BASE_LINES_H

#include <optional>
#include <string_view>

namespace blo {

/// Takes what stands before `end` off the text, and `end`; nothing where it does not stand there.
[[nodiscard]] inline std::optional<std::string_view> take_until(std::string_view& text,
                                                                std::string_view end) {
  const auto at = text.find(end);
  if (at == text.npos) return std::nullopt;
  const auto taken = text.substr(0, at);
  text.remove_prefix(at + end.size());
  return taken;
}

/// As take_until, up to the next newline.
[[nodiscard]] inline std::optional<std::string_view> take_line(std::string_view& text) {
  return take_until(text, "\n");
}

}  // namespace blo

#endif
