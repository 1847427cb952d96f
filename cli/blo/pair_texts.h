// Sentences that more than one of the pairing commands says.
#ifndef BLO_CLI_BLO_PAIR_TEXTS_H
#define BLO_CLI_BLO_PAIR_TEXTS_H

#include <string>
#include <string_view>

#include "failure.h"
#include "report.h"

namespace blo::cli {

inline constexpr const char kByHand[] =
    "The pairing secret protects against an adversary who records now and decrypts years later "
    "only if at least one of the two files travels by hand, not over a network.";

inline Failure not_an_address(const std::string& address) {
  return usage("'" + address + "' is not an address.",
               "Write host:port or [IPv6]:port, as in blo.example.org:7117.");
}

/// The twelve groups in three lines of four.
inline Shown digits_in_lines(std::string_view digits) {
  constexpr std::size_t kGroupsInLine = 4;
  Shown lines = "    ";
  std::size_t groups = 0;
  for (const char c : digits) {
    if (c == ' ' && ++groups % kGroupsInLine == 0) {
      lines += "\n    ";
    } else {
      lines += std::string_view(&c, 1);
    }
  }
  return lines;
}

}  // namespace blo::cli

#endif
