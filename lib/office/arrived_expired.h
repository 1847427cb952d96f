// Messages that came to the counterpart after their time.
#ifndef BLO_OFFICE_ARRIVED_EXPIRED_H
#define BLO_OFFICE_ARRIVED_EXPIRED_H

#include "office/alarms.h"
#include "office/pair.h"

namespace blo::office {

/// Whether what held until `expires` was stored there later, as the receipt over it says.
[[nodiscard]] bool arrived_expired(const std::optional<WallTime>& expires,
                                   const journal::Cosignature& receipt);

/// Raises an alarm about those of ours that `head`, which is about to be the newest under a
/// receipt, is the first to cover. Within the transaction that keeps it. Nothing else happens to
/// them.
[[nodiscard]] Result<void> tell_of_expired(store::Store& store, Alarms& alarms, const Pair& pair,
                                           const ReceiptedHead& head, Now now);

}  // namespace blo::office

#endif
