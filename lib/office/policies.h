// What the two offices of a pairing ask for: which messages need a release, and who states a
// purpose.
#ifndef BLO_OFFICE_POLICIES_H
#define BLO_OFFICE_POLICIES_H

#include "office/pair.h"

namespace blo::office {

/// Enters the policy into our journal; in force when this returns. kFrozen, kUnconfirmed.
[[nodiscard]] Result<void> set_policy(store::Store& store, Pair& pair,
                                      const journal::Policy& policy, Now now);
/// The one in force in a journal: its newest policy record that was not refused.
[[nodiscard]] Result<journal::Policy> newest_policy(store::Store& store,
                                                    const store::JournalRow& row);

}  // namespace blo::office

#endif
