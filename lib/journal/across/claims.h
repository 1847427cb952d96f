// What the time in a stamp is worth beside the receipt over its entry: docs/format/entry.md has the
// rules, for daemon and auditor. Functions of values.
#ifndef BLO_JOURNAL_ACROSS_CLAIMS_H
#define BLO_JOURNAL_ACROSS_CLAIMS_H

#include <optional>

#include "base/clock.h"

namespace blo::journal {

/// A stamp later by more than a day than the receipt over its entry: no honest receiver had it then
/// under a clock that agreed. It dates nothing, authorises nothing and bounds nothing. Without a
/// receipt nobody can tell yet.
[[nodiscard]] bool is_claim(WallTime stamped, std::optional<WallTime> received);

}  // namespace blo::journal

#endif
