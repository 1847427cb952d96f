// What the target `peer` starts from, and what its counterpart enters into its own journal.
#ifndef BLO_TESTS_FUZZ_PEER_WORLD_H
#define BLO_TESTS_FUZZ_PEER_WORLD_H

#include "offices.h"

namespace blo::fuzz {

enum class Party : unsigned { kOurs, kTheirs };

/// UZ-OYBEK's, or TJ-FOTEHOBOD's.
[[nodiscard]] const sim::Kit& kit_of(bool tj);
/// What both have behind them by the state's number, of which there are kStates.
inline constexpr std::size_t kStates = 12;
[[nodiscard]] Now start_of(std::size_t state);
[[nodiscard]] Bytes image_of(std::size_t state, Party party, bool tj);
/// It waits to be given back what it lost.
[[nodiscard]] bool recovers(std::size_t state, Party party);
/// As its store was after the first messages.
[[nodiscard]] Bytes earlier_image(bool tj);

/// As blo restore leaves a pairing.
void begin_recovery(Side& side);
/// Destroys every alert whose content may be destroyed.
void erase_all(Side& side);
/// Keeps the newest message that was received.
void hold_newest(Side& side);

// Into the side's own journal, under its own good checkpoint.
void append_leaf(Side& side, ByteView leaf);
/// A record of any bytes, in an entry in form.
void append_record(Side& side, ByteView record);
/// One record of each kind in turn, and which lie about it; 0: none.
void append_lie_of_record(Side& side, std::size_t kind, std::size_t lie);
/// A message with any content, or a good alert where that is empty. Lies are told of its envelope,
/// which is signed all the same, and of its entry by turns; 0: none. With the highest bit of `kind`
/// set it is released.
void append_message(Side& side, std::uint32_t kind, std::size_t lie, Bytes content);

/// Our export and our audit trail verify; what is found is told of the counterpart alone.
void audit(Side& ours, const Side& theirs);

}  // namespace blo::fuzz

#endif
