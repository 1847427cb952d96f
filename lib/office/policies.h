// What the two offices of a pairing ask for: which messages need a release, and who states a
// purpose.
#ifndef BLO_OFFICE_POLICIES_H
#define BLO_OFFICE_POLICIES_H

#include "office/alarms.h"
#include "office/pair.h"

namespace blo::office {

class Office;

/// Enters the policy into our journal; in force when this returns. One that asks for less than the
/// one before it is an alarm. `set_by` is a person; 0: the Unix user alone. kFrozen, kUnconfirmed.
[[nodiscard]] Result<void> set_policy(Office& office, Pair& pair, const journal::Policy& policy,
                                      std::uint64_t set_by, Now now);
/// The one in force in a journal: its newest policy record that was not refused.
[[nodiscard]] Result<PolicyInForce> newest_policy(store::Store& store,
                                                  const store::JournalRow& row);

}  // namespace blo::office

#endif
