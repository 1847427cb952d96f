#include "sync/sender.h"

#include <algorithm>

#include "base/limits.h"

namespace blo::sync {

std::optional<Sender::Allowance> Sender::allowance() const {
  if (in_flight_.size() >= limits::kBatchesInFlightMax) return std::nullopt;
  return Allowance{next_, limits::kBatchEntriesMax, batch_bytes_};
}

void Sender::sent(std::uint64_t end, std::size_t bytes, SteadyTime now) {
  BLO_CHECK(end > next_);
  in_flight_.push_back({end, bytes, now});
  next_ = end;
}

Result<void> Sender::receipted(Claimed<std::uint64_t> size, SteadyTime now) {
  if (in_flight_.empty() || in_flight_.front().end != size) {
    return Error(SyncError::kOutOfOrder, "receipt for size " + size.text());
  }
  const Batch batch = in_flight_.front();
  in_flight_.pop_front();
  receipted_ = batch.end;
  const auto took = std::max<std::int64_t>(1, (now - batch.since).count());
  const auto second = batch.bytes * 1000 / static_cast<std::size_t>(took);
  // A small batch says nothing about a fast line: grow by doubling, shrink to what was measured.
  if (second >= batch_bytes_) {
    batch_bytes_ = std::min(limits::kBatchBytesMax / 2, batch_bytes_ * 2);
  } else if (batch.bytes >= batch_bytes_ / 2) {
    batch_bytes_ = std::max(limits::kBatchBytesMin, second);
  }
  return {};
}

Result<void> Sender::not_taken() {
  if (in_flight_.empty()) return Error(SyncError::kOutOfOrder, "a batch that was not sent");
  in_flight_.clear();
  next_ = receipted_;
  return {};
}

namespace {

std::size_t wire_bytes(const Item& item) {
  return item.entry.size() + item.content_key.size() + item.body.size() + 32;
}

}  // namespace

std::vector<Frame> pack_batch(std::uint64_t first, std::vector<Item> items,
                              std::string checkpoint) {
  std::vector<Frame> frames;
  Items packed{first, {}};
  std::size_t packed_bytes = 0;
  std::uint64_t index = first;
  const auto flush = [&] {
    if (!packed.parts.empty()) frames.emplace_back(std::move(packed));
    packed = Items{index, {}};
    packed_bytes = 0;
  };
  for (Item& item : items) {
    if (packed_bytes + wire_bytes(item) > limits::kBulkFrameBytes) flush();
    Bytes body = std::move(item.body);
    const auto body_bytes = static_cast<std::uint32_t>(body.size());
    std::size_t taken = std::min(body.size(), limits::kBulkFrameBytes);
    item.body.assign(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(taken));
    packed_bytes += wire_bytes(item);
    packed.parts.push_back({std::move(item), body_bytes});
    ++index;
    if (taken == body.size()) continue;
    flush();
    for (; taken < body.size(); taken += limits::kBulkFrameBytes) {
      const auto chunk =
          ByteView(body).subspan(taken, std::min(limits::kBulkFrameBytes, body.size() - taken));
      frames.emplace_back(BodyChunk{to_bytes(chunk)});
    }
  }
  flush();
  frames.emplace_back(BatchEnd{std::move(checkpoint)});
  return frames;
}

}  // namespace blo::sync
