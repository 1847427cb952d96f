// What an entry made now is dated with.
#ifndef BLO_OFFICE_ENTRY_TIME_H
#define BLO_OFFICE_ENTRY_TIME_H

#include "store/store.h"

namespace blo::office {

/// The clock that entries are dated by. Nobody but Clock makes one, so that nothing is dated
/// without the question whether it is believed.
class Dating {
 public:
  [[nodiscard]] WallTime clock() const { return clock_; }
  [[nodiscard]] bool believed() const { return believed_; }

 private:
  friend class Clock;
  Dating(WallTime clock, bool believed) : clock_(clock), believed_(believed) {}
  WallTime clock_;
  bool believed_;
};

struct EntryTime {
  WallTime time;
  bool unsure = false;  // it bounds nothing
  WallTime judged_at;   // when certificates have to be valid for the entry
};

/// Of an entry into one of our own journals. A clock that is not believed gives an unsure time; but
/// the first entry of a trail's generation that follows another repeats the newest time of that
/// one, so that what comes after it has a time to be judged at. A clock that was set back a little
/// repeats the newest time, as does one behind a time that the counterpart's clock agreed with.
/// Where a time without a receipt lies more than a day ahead, a clock was wrong, that one or this:
/// the time is the clock's, unsure, until the receipt tells. An audit trail, which has no receipts,
/// goes back.
[[nodiscard]] Result<EntryTime> entry_time(store::Store& store, const store::JournalRow& journal,
                                           const Dating& dating);

}  // namespace blo::office

#endif
