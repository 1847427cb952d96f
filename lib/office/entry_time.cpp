#include "office/entry_time.h"

#include "base/limits.h"
#include "journal/across/sure_times.h"
#include "office/head_over.h"

namespace blo::office {
namespace {

/// It is judged at a sure time, so that no certificate speaks that did not at a time the office
/// stood by.
Result<EntryTime> unsure_time(store::Store& store, const store::JournalRow& journal,
                              WallTime clock) {
  const auto authorising = store.journals().authorising_time(journal, clock);
  if (!authorising) return authorising.error();
  if (*authorising) return EntryTime{clock, true, **authorising};
  const auto begun = date_start(store, journal);
  if (!begun) return begun.error();
  return EntryTime{clock, true, journal::where_none_is_sure(clock, *begun)};
}

}  // namespace

Result<EntryTime> entry_time(store::Store& store, const store::JournalRow& journal,
                             const Dating& dating) {
  const WallTime clock = dating.clock();
  const WallTime newest = journal.last_stamp.time;
  const bool follows = journal.pairing == 0 && journal.size() == 0 && newest > WallTime{};
  if (follows && (!dating.believed() || clock < newest)) return EntryTime{newest, false, newest};
  if (!dating.believed()) return unsure_time(store, journal, clock);
  const WallTime repeated = std::max(clock, newest);
  if (newest <= clock + limits::kClockSkewMax) return EntryTime{repeated, false, repeated};
  if (journal.pairing == 0) return EntryTime{clock, false, clock};
  const auto agreed = store.journals().newest_time_is_receipted(journal);
  if (!agreed) return agreed.error();
  if (*agreed) return EntryTime{repeated, false, repeated};
  return unsure_time(store, journal, clock);
}

}  // namespace blo::office
