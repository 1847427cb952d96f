// Erasures that a counterpart dated more than a day ahead of our clock: they are stored and
// receipted as any other, and nothing is destroyed until that date has nearly come, or a person
// here lets it go.
#ifndef BLO_OFFICE_AHEAD_H
#define BLO_OFFICE_AHEAD_H

#include "office/office.h"

namespace blo::office {

/// Destroys what is not ahead any more, of all pairings that are not frozen and unless a hold keeps
/// it; how many contents and names. Nothing while the clock is not enough to destroy by.
[[nodiscard]] Result<std::uint64_t> erase_what_was_ahead(Office& office, Now now);

/// Which erasures a person lets go.
struct Ahead {
  OfficeId counterpart;
  std::optional<MessageNumber> message;  // none: all that wait from that counterpart
};
/// As erase_what_was_ahead, whatever the clock says; what a hold keeps is kept and goes on waiting.
/// kUnknownCounterpart, kFrozen; kNothingAhead: nothing waits there.
[[nodiscard]] Result<std::uint64_t> let_ahead(Office& office, const Ahead& what);

}  // namespace blo::office

#endif
