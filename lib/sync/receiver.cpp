#include "sync/receiver.h"

#include "base/limits.h"

namespace blo::sync {

Result<void> Receiver::count(std::size_t bytes) {
  bytes_ += bytes;
  // One entry and its body may always come, whatever the sender's measure was.
  if (bytes_ > batches_ * (limits::kBatchBytesMax + limits::kBodyBytesMax))
    return SyncError::kTooMuch;
  return {};
}

Result<void> Receiver::take(Items items) {
  if (body_missing()) return Error(SyncError::kOutOfOrder, "items inside a body");
  if (items.first != next_)
    return Error(SyncError::kOutOfOrder, "items from " + items.first.text());
  if (items_.size() + items.parts.size() > batches_ * limits::kBatchEntriesMax)
    return SyncError::kTooMuch;
  for (auto& part : items.parts) {
    if (body_missing()) return Error(SyncError::kOutOfOrder, "an item inside a body");
    if (const auto counted = count(part.item.entry.size() + part.body_bytes); !counted)
      return counted;
    last_body_bytes_ = part.body_bytes;
    items_.push_back(std::move(part.item));
    ++next_;
  }
  return {};
}

Result<void> Receiver::take(BodyChunk chunk) {
  if (!body_missing() || chunk.data.empty() ||
      items_.back().body.size() + chunk.data.size() > last_body_bytes_) {
    return Error(SyncError::kOutOfOrder, "a body chunk");
  }
  append(items_.back().body, chunk.data);
  return {};
}

Result<Batch> Receiver::take(BatchEnd end) {
  if (body_missing() || items_.empty()) return Error(SyncError::kOutOfOrder, "the end of a batch");
  Batch batch{next_ - items_.size(), std::move(items_), std::move(end.checkpoint)};
  items_.clear();
  bytes_ = 0;
  last_body_bytes_ = 0;
  return batch;
}

}  // namespace blo::sync
