// What an entry made now is dated with.
#ifndef BLO_OFFICE_ENTRY_TIME_H
#define BLO_OFFICE_ENTRY_TIME_H

#include "store/store.h"

namespace blo::office {

struct EntryTime {
  WallTime time;
  bool unsure = false;  // it bounds nothing
  WallTime judged_at;   // when certificates have to be valid for the entry
};

/// Of an entry into one of our own journals at `clock`. A clock that was set back a little repeats
/// the newest time, as does one behind a time that the counterpart's clock agreed with. Where a
/// time without a receipt lies more than a day ahead, a clock was wrong, that one or this: the time
/// is `clock`, unsure, until the receipt tells. An audit trail, which has no receipts, goes back.
[[nodiscard]] Result<EntryTime> entry_time(store::Store& store, const store::JournalRow& journal,
                                           WallTime clock);

}  // namespace blo::office

#endif
