// Dates that are to come: what both offices believed at once, by a false NTP for two posts, no
// receipt shows to be wrong. The exchange goes on, and what is entered repeats them.
#ifndef BLO_OFFICE_DATED_AHEAD_H
#define BLO_OFFICE_DATED_AHEAD_H

#include "office/office.h"

namespace blo::office {

/// The time that our next entry to the counterpart repeats, where that lies more than
/// limits::kClockStepMax ahead of a clock that is believed: until then they all bear it.
[[nodiscard]] Result<std::optional<WallTime>> dated_ahead_until(Office& office, const Pair& pair,
                                                                Now now);

/// An alarm for each counterpart of whom that is so, quiet once acknowledged. Call it now and then.
[[nodiscard]] Result<void> tell_dated_ahead(Office& office, Now now);

}  // namespace blo::office

#endif
