// The newest date that an office keeps under a signature, by which it and its auditors judge who
// may still read. Whether the clock is believed is another question: clock_belief.h.
#ifndef BLO_OFFICE_KNOWN_TIME_H
#define BLO_OFFICE_KNOWN_TIME_H

#include "office/office.h"

namespace blo::office {

/// The newest of our own journals' stamps, the trail's among them, and of the receipts that are
/// kept, ours and the counterparts'. What a counterpart's stamps say is its claim and does not
/// count. Day 0: nothing is known yet.
[[nodiscard]] WallTime newest_date_kept(const Office& office);

/// When a request is asked that comes now: by the stamp that its act will bear, as an auditor
/// judges it.
[[nodiscard]] journal::AskedAt asked_now(Office& office, Now now);

}  // namespace blo::office

#endif
