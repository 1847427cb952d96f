#include "office/entry_time.h"

#include "base/limits.h"

namespace blo::office {

Result<EntryTime> entry_time(store::Store& store, const store::JournalRow& journal,
                             WallTime clock) {
  const WallTime newest = journal.last_stamp.time;
  const WallTime repeated = std::max(clock, newest);
  if (newest <= clock + limits::kClockSkewMax) return EntryTime{repeated, false, repeated};
  if (journal.pairing == 0) return EntryTime{clock, false, clock};
  const auto agreed = store.journals().newest_time_is_receipted(journal);
  if (!agreed) return agreed.error();
  if (*agreed) return EntryTime{repeated, false, repeated};
  const auto authorising = store.journals().authorising_time(journal, clock);
  if (!authorising) return authorising.error();
  return EntryTime{clock, true, authorising->value_or(clock)};
}

}  // namespace blo::office
