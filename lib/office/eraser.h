// Destroys bodies of a pairing's journals, with the records that say so.
#ifndef BLO_OFFICE_ERASER_H
#define BLO_OFFICE_ERASER_H

#include "office/clock_belief.h"
#include "office/pair.h"

namespace blo::office {

class Office;

struct Erased {
  const store::JournalRow* row;  // of either direction
  std::uint64_t index;
  std::string rule;  // printable ASCII, at most 100 characters
};

/// One transaction: the bodies with their keys, and, while the pairing carries messages, an erasure
/// of each in our journal. Afterwards no file of the store has anything of them.
[[nodiscard]] Result<void> erase_bodies(Office& office, Pair& pair, const std::vector<Erased>& what,
                                        const MayDestroy& may, std::uint64_t person, Now now);

}  // namespace blo::office

#endif
