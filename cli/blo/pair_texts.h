// Sentences that more than one of the pairing commands says.
#ifndef BLO_CLI_BLO_PAIR_TEXTS_H
#define BLO_CLI_BLO_PAIR_TEXTS_H

#include <string>
#include <string_view>

namespace blo::cli {

inline constexpr const char kByHand[] =
    "The pairing secret protects against an adversary who records now and decrypts years later "
    "only if at least one of the two files travels by hand, not over a network.";

/// The twelve groups in three lines of four.
inline std::string digits_in_lines(std::string_view digits) {
  constexpr std::size_t kGroupsInLine = 4;
  std::string lines = "    ";
  std::size_t groups = 0;
  for (const char c : digits) {
    if (c == ' ' && ++groups % kGroupsInLine == 0) {
      lines += "\n    ";
    } else {
      lines += c;
    }
  }
  return lines;
}

}  // namespace blo::cli

#endif
