// An auditor's text in our journal to a counterpart.
#ifndef BLO_OFFICE_CHALLENGE_H
#define BLO_OFFICE_CHALLENGE_H

#include "office/pair.h"

namespace blo::office {

class Office;

/// Index of the record that holds the text. One that waits for its receipt is not entered again.
/// kMalformed: not 1 to 100 characters of printable ASCII; kFrozen, kUnconfirmed, kEnded.
[[nodiscard]] Result<std::uint64_t> enter_challenge(Office& office, Pair& pair,
                                                    const std::string& text, Now now);

}  // namespace blo::office

#endif
