// Erasures: which body one names, and whether a legal hold keeps it.
#ifndef BLO_OFFICE_ERASURE_H
#define BLO_OFFICE_ERASURE_H

#include "office/pair.h"

namespace blo::office {

/// The generation of `pair` that an erasure in a journal of the given direction names; null: none
/// known here. `own`: where the erasure stands, or will.
[[nodiscard]] const store::JournalRow* journal_of(const Pair& pair, const store::JournalRow& own,
                                                  const journal::Erasure& erasure);

/// What lies beside an entry as journal::is_erasable() has it: a message's envelope, or nothing
/// where it is an officer's name. No value: neither.
struct Erasable {
  std::optional<journal::Envelope> envelope;
};
[[nodiscard]] std::optional<Erasable> erasable_in(const store::StoredEntry& stored);

/// A hold on the message, or on the one that it says was opened or acted upon.
[[nodiscard]] Result<bool> is_held(store::Store& store, const Pair& pair,
                                   const journal::Envelope& envelope);

}  // namespace blo::office

#endif
