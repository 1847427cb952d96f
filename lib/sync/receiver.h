// The receiving half of sync: frames become whole batches, within limits.
#ifndef BLO_SYNC_RECEIVER_H
#define BLO_SYNC_RECEIVER_H

#include "sync/frame.h"

namespace blo::sync {

/// Consecutive entries with whole bodies under one checkpoint; nothing in it is verified.
struct Batch {
  std::uint64_t first = 0;
  std::vector<Item> items;
  std::string checkpoint;
};

/// Memory is bounded by limits::kBatchEntriesMax and kBatchBytesMax, checked before anything is
/// kept.
class Receiver {
 public:
  /// We hold `held` entries: the counterpart goes on there. What one checkpoint covers is as much
  /// as `batches` of a sender's: more than one where their receipts were lost together.
  explicit Receiver(std::uint64_t held, std::size_t batches = 1) : next_(held), batches_(batches) {}

  [[nodiscard]] Result<void> take(Items items);
  [[nodiscard]] Result<void> take(BodyChunk chunk);
  /// The batch is complete.
  [[nodiscard]] Result<Batch> take(BatchEnd end);

 private:
  [[nodiscard]] bool body_missing() const {
    return !items_.empty() && items_.back().body.size() < last_body_bytes_;
  }
  [[nodiscard]] Result<void> count(std::size_t bytes);

  std::uint64_t next_;
  std::size_t batches_;
  std::vector<Item> items_;
  std::size_t bytes_ = 0;
  std::size_t last_body_bytes_ = 0;
};

}  // namespace blo::sync

#endif
