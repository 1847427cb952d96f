// ASCII letters in one case, and the known word that a mistyped one may stand for.
#ifndef BLO_BASE_NEAREST_H
#define BLO_BASE_NEAREST_H

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace blo {

/// ASCII letters alone; every other byte stays as it is, whatever the locale.
[[nodiscard]] std::string ascii_upper(std::string_view text);
[[nodiscard]] std::string ascii_lower(std::string_view text);

/// How many slips lie between two words: a letter left out, added or another, or two neighbours
/// swapped, each letter touched once (optimal string alignment distance). Bytes count as letters.
[[nodiscard]] std::size_t slips_between(std::string_view a, std::string_view b);

/// Those of `known` that are nearest to `word`, in their order, whatever the case of ASCII letters;
/// none where nothing is near: one slip for a word of 3 letters, two from 7 on, three from 11 on.
/// Three letters or more that begin a known word are one slip away from it.
[[nodiscard]] std::vector<std::string> nearest(std::string_view word,
                                               std::span<const std::string> known);

}  // namespace blo

#endif
