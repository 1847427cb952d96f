// Retention: how long contents are kept, and their destruction. What is destroyed of our own
// journal the counterpart destroys, too; of the counterpart's journal, our copy.
#ifndef BLO_OFFICE_RETENTION_H
#define BLO_OFFICE_RETENTION_H

#include "office/holds.h"

namespace blo::office {

/// Of messages of one kind; what says that one was acted upon goes with it.
struct RetentionRule {
  std::uint32_t kind;
  milliseconds kept;  // after its end of validity; without one, after it was entered
  std::string basis;  // printable ASCII, 1 to 100 characters: stands in the erasure's record
};
using RetentionRules = std::vector<RetentionRule>;

/// A message whose content is to be destroyed.
struct DueMessage {
  MessageNumber number;
  bool sent;
  std::uint32_t kind;
  WallTime stamped;
  WallTime due;
  bool held;
};

struct RetentionReport {
  std::vector<DueMessage> messages;  // oldest first, at most as many as asked for
  std::uint64_t due = 0;             // in all, without those held
  std::uint64_t held = 0;
  std::uint64_t erased = 0;
  std::vector<OfficeId> left_out;  // frozen pairings
  struct Ordered {
    OfficeId counterpart;
    WallTime time;
    std::uint64_t person;  // 0: the Unix user alone
  };
  std::vector<Ordered> ordered = {};  // kept for pairings that are given back what was lost
};

/// What the rules would destroy. Of what we sent, only what is under a receipt. kNoRules.
[[nodiscard]] Result<RetentionReport> preview_retention(Office& office, const RetentionRules& rules,
                                                        std::size_t limit, Now now);
/// Destroys it, in steps each of which is durable with its records, and what waited for a hold to
/// be lifted. `person` orders it; 0: the Unix user alone. Of a pairing that awaits the next
/// generation of our journal the order is kept: carry_out_orders(). Where something is due and the
/// clock is not enough to destroy by: kClockNotBelieved, kDateUnproven.
[[nodiscard]] Result<RetentionReport> apply_retention(Office& office, const RetentionRules& rules,
                                                      std::size_t limit, std::uint64_t person,
                                                      Now now);

/// Destroys what was ordered while the pairing waited: what those rules let go of at that time, in
/// what was given back, too, and no hold keeps. Nothing in a frozen pairing; where it is broken
/// off, the orders stay.
[[nodiscard]] Result<void> carry_out_orders(Office& office, Pair& pair, Now now);

}  // namespace blo::office

#endif
