// Legal holds: what an authority or a court needs is kept, whatever rules and counterparts say.
// This office's alone: the counterpart learns of one when it asks for the content's destruction.
#ifndef BLO_OFFICE_HOLDS_H
#define BLO_OFFICE_HOLDS_H

#include "office/office.h"

namespace blo::office {

struct HoldView {
  store::HoldKey key;
  MessageNumber number;
  WallTime placed;
  std::uint64_t person = 0;
  std::string reason;          // raw
  bool erasure_waits = false;  // the counterpart has asked for the content's destruction
};

/// Of a message that was accepted, of either direction. kNotFound, kErased where there is no
/// content to keep, kHeld.
[[nodiscard]] Result<void> place_hold(Office& office, const MessageNumber& number,
                                      const std::string& reason, std::uint64_t person, Now now);
/// By the person who placed it, or a security officer. What the counterpart asked to destroy
/// meanwhile is destroyed; how much. Where the clock is not enough to destroy by, it waits.
/// kNotHeld, kNotAuthorised.
[[nodiscard]] Result<std::uint64_t> lift_hold(Office& office, const MessageNumber& number,
                                              const store::OfficerRow& officer, Now now);
/// Oldest first, what is sought for a page; without those of messages that are not here any more.
[[nodiscard]] Result<std::vector<HoldView>> list_holds(Office& office,
                                                       const Page<store::HoldKey>& page = {});
/// On the message itself.
[[nodiscard]] Result<std::optional<HoldView>> find_hold(Office& office, const Pair& pair,
                                                        const MessageId& id);

/// Destroys what the counterpart asked for and a hold kept, where none keeps it any more: contents,
/// and the names of those who signed them; how many contents.
/// Nothing in a frozen pairing, or while the clock is not enough to destroy by: it waits.
[[nodiscard]] Result<std::uint64_t> erase_what_waits(Office& office, Pair& pair,
                                                     std::uint64_t person, Now now);

}  // namespace blo::office

#endif
