// What becomes of messages: opened and acted, as they enter the journals of a pairing.
#ifndef BLO_OFFICE_STEPS_H
#define BLO_OFFICE_STEPS_H

#include "office/pair.h"

namespace blo::office {

/// A message that an opened or acted answers: one of the opposite journal, accepted, and neither of
/// the two itself. Nothing where there is none.
struct Answered {
  const store::JournalRow* row;
  std::uint64_t index;
};
/// `sent_ones`: the answered message is one of ours.
[[nodiscard]] Result<std::optional<Answered>> find_answered(store::Store& store, const Pair& pair,
                                                            bool sent_ones, const MessageId& id);

/// Enters what an accepted message means for those before it. Call it wherever one is appended, of
/// either direction, in the same transaction. A step has been found to answer something before.
[[nodiscard]] Result<void> note_message(store::Store& store, const Pair& pair,
                                        const store::JournalRow& row, std::uint64_t index,
                                        const journal::Envelope& envelope, Now now);

}  // namespace blo::office

#endif
