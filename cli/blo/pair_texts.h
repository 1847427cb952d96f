// Sentences that more than one of the pairing commands says.
#ifndef BLO_CLI_BLO_PAIR_TEXTS_H
#define BLO_CLI_BLO_PAIR_TEXTS_H

namespace blo::cli {

inline constexpr const char kByHand[] =
    "The pairing secret protects against an adversary who records now and decrypts years later "
    "only if at least one of the two files travels by hand, not over a network.";

}  // namespace blo::cli

#endif
