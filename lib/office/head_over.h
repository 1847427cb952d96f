// The receipt that covers an entry.
#ifndef BLO_OFFICE_HEAD_OVER_H
#define BLO_OFFICE_HEAD_OVER_H

#include "office/pair.h"

namespace blo::office {

/// The smallest receipted head over entry `index`, with its receipt; none: nothing there has one.
[[nodiscard]] Result<std::optional<ReceiptedHead>> head_over(store::Store& store,
                                                             const OfficeKeys& keys,
                                                             const store::JournalRow& journal,
                                                             std::uint64_t index);

/// When an entry was made, as far as that is known.
struct Dated {
  WallTime time;                                    // its stamp's; a claim's receipt's
  std::optional<WallTime> received = std::nullopt;  // of a claim alone
};
[[nodiscard]] Result<Dated> date_entry(store::Store& store, const store::JournalRow& journal,
                                       std::uint64_t index, WallTime stamped);
/// As date_entry() of the first one; 1970 where there is none.
[[nodiscard]] Result<WallTime> date_start(store::Store& store, const store::JournalRow& journal);

}  // namespace blo::office

#endif
