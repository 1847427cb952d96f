// The sending half of sync: how much goes out before a receipt must come back, and how a batch
// becomes frames.
#ifndef BLO_SYNC_SENDER_H
#define BLO_SYNC_SENDER_H

#include <deque>

#include "base/clock.h"
#include "sync/frame.h"

namespace blo::sync {

/// One direction of one session. It knows sizes and times, no entries: its owner reads those from
/// the store.
class Sender {
 public:
  /// The counterpart holds `held` entries: sending begins there.
  explicit Sender(std::uint64_t held) : next_(held), receipted_(held) {}

  /// What the next batch may be, or nothing while two batches wait for their receipts.
  struct Allowance {
    std::uint64_t first;
    std::size_t entries_max;
    std::size_t bytes_max;
  };
  [[nodiscard]] std::optional<Allowance> allowance() const;

  /// `bytes` of entries up to `end` go out now, under a checkpoint of that size.
  void sent(std::uint64_t end, std::size_t bytes, SteadyTime now);
  /// A receipt for `size` has come and verified. kOutOfOrder when no batch of that size is on the
  /// way.
  [[nodiscard]] Result<void> receipted(Claimed<std::uint64_t> size, SteadyTime now);

  /// What is on its way is dropped there and comes again. kOutOfOrder when nothing is.
  [[nodiscard]] Result<void> not_taken();

  [[nodiscard]] std::uint64_t next() const { return next_; }
  [[nodiscard]] std::uint64_t receipted_size() const { return receipted_; }
  [[nodiscard]] bool idle() const { return in_flight_.empty(); }

 private:
  struct Batch {
    std::uint64_t end;
    std::size_t bytes;
    SteadyTime since;
  };
  std::uint64_t next_;
  std::uint64_t receipted_;
  std::deque<Batch> in_flight_;
  /// One second of the measured rate: grows while receipts are quick, shrinks where they are slow.
  std::size_t batch_bytes_ = 64 * 1024;
};

/// The frames of one batch: items packed to limits::kBulkFrameBytes, large bodies continued in
/// chunks, the checkpoint last.
[[nodiscard]] std::vector<Frame> pack_batch(std::uint64_t first, std::vector<Item> items,
                                            std::string checkpoint);

}  // namespace blo::sync

#endif
