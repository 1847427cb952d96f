// Text from outside, made safe to show.
#ifndef BLO_BASE_TERMINAL_H
#define BLO_BASE_TERMINAL_H

#include <string>
#include <string_view>

namespace blo {

enum class Newlines { kEscape, kKeep };

/// `utf8` with everything that could drive a terminal, reorder a line or hide in it shown instead
/// of sent: control characters and bytes that are not UTF-8 as `\x1b` (newline and tab as `\n`,
/// `\t`), C1 controls, bidirectional controls, line separators and whatever is invisible as
/// `‹U+202E›`, as well as a combining mark that has no character under it or follows four others.
/// A zero width non-joiner between two letters of Arabic script belongs to the spelling and stays.
/// Newlines stay with Newlines::kKeep. For reading: the original cannot be had back from it.
[[nodiscard]] std::string terminal_safe(std::string_view utf8,
                                        Newlines newlines = Newlines::kEscape);

}  // namespace blo

#endif
