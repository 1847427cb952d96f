// Erasures: which body one names, and whether a legal hold keeps it.
#ifndef BLO_OFFICE_ERASURE_H
#define BLO_OFFICE_ERASURE_H

#include "office/pair.h"

namespace blo::office {

/// The generation of `pair` that an erasure in a journal of the given direction names; null: none
/// known here. `own`: where the erasure stands, or will.
[[nodiscard]] const store::JournalRow* journal_of(const Pair& pair, const store::JournalRow& own,
                                                  const journal::Erasure& erasure);

/// By a clock that says `time`, an erasure under that stamp is not carried out yet.
[[nodiscard]] inline bool is_ahead(const journal::Stamp& stamp, WallTime time) {
  return stamp.time > time + limits::kClockSkewMax;
}

/// What lies beside an entry as journal::is_erasable() has it. No value: nothing.
struct Erasable {
  std::optional<journal::Envelope> envelope;  // a message's content
  std::uint64_t person = 0;                   // or the name of this officer
};
[[nodiscard]] std::optional<Erasable> erasable_in(const store::StoredEntry& stored);

/// A hold on the message, or on the one that it says was opened or acted upon; of a counterpart's
/// officer's name, on a message that this officer wrote or released. `row` is where it lies.
[[nodiscard]] Result<bool> is_held(store::Store& store, const Pair& pair,
                                   const store::JournalRow& row, const Erasable& what);

}  // namespace blo::office

#endif
