#include "sync/receiver.h"

#include <catch2/catch.hpp>

#include "base/limits.h"

namespace blo::sync {
namespace {

Items::Part part(std::size_t entry_bytes, std::uint32_t body_bytes = 0, std::size_t here = 0) {
  return {{Bytes(entry_bytes, 0xee), Bytes(body_bytes > 0 ? 32 : 0), Bytes(here, 0xbb)},
          body_bytes};
}

bool out_of_order(const Result<void>& result) {
  return !result && result.error() == SyncError::kOutOfOrder;
}

}  // namespace

TEST_CASE("items with their bodies become one batch under its checkpoint") {
  Receiver receiver(40);
  REQUIRE(receiver.take(Items{40, {part(10), part(10, 5, 5)}}).has_value());
  REQUIRE(receiver.take(Items{42, {part(10, 9, 4)}}).has_value());
  REQUIRE(receiver.take(BodyChunk{Bytes(3, 0xcc)}).has_value());
  REQUIRE(receiver.take(BodyChunk{Bytes(2, 0xdd)}).has_value());
  const auto batch = receiver.take(BatchEnd{"note"}).value();
  CHECK(batch.first == 40);
  REQUIRE(batch.items.size() == 3);
  CHECK(batch.items[1].body == Bytes(5, 0xbb));
  CHECK(batch.items[2].body == Bytes{0xbb, 0xbb, 0xbb, 0xbb, 0xcc, 0xcc, 0xcc, 0xdd, 0xdd});
  CHECK(batch.checkpoint == "note");

  REQUIRE(receiver.take(Items{43, {part(1)}}).has_value());
  CHECK(receiver.take(BatchEnd{"next"}).value().first == 43);
}

TEST_CASE("a gap or a repetition is out of order") {
  Receiver receiver(40);
  CHECK(out_of_order(receiver.take(Items{41, {part(1)}})));
  CHECK(out_of_order(receiver.take(Items{39, {part(1)}})));
  REQUIRE(receiver.take(Items{40, {part(1)}}).has_value());
  CHECK(out_of_order(receiver.take(Items{40, {part(1)}})));
}

TEST_CASE("a body is finished before anything else comes") {
  const auto halfway = [] {
    Receiver receiver(0);
    BLO_CHECK(receiver.take(Items{0, {part(1, 10, 4)}}).has_value());
    return receiver;
  };
  CHECK(out_of_order(halfway().take(Items{1, {part(1)}})));
  CHECK(halfway().take(BatchEnd{"note"}).error() == SyncError::kOutOfOrder);
  CHECK(out_of_order(halfway().take(BodyChunk{Bytes(7)})));
  CHECK(out_of_order(halfway().take(BodyChunk{})));
  CHECK(halfway().take(BodyChunk{Bytes(6)}).has_value());

  Receiver receiver(0);
  CHECK(out_of_order(receiver.take(Items{0, {part(1, 10, 4), part(1)}})));
}

TEST_CASE("chunks without a body and batches without items are out of order") {
  Receiver receiver(0);
  CHECK(out_of_order(receiver.take(BodyChunk{Bytes(1)})));
  CHECK(receiver.take(BatchEnd{"note"}).error() == SyncError::kOutOfOrder);
  REQUIRE(receiver.take(Items{0, {part(1, 2, 2)}}).has_value());
  CHECK(out_of_order(receiver.take(BodyChunk{Bytes(1)})));
}

TEST_CASE("a batch is bounded in entries and bytes before they are kept") {
  Receiver many(0);
  for (std::size_t i = 0; i < limits::kBatchEntriesMax; ++i)
    REQUIRE(many.take(Items{i, {part(1)}}).has_value());
  CHECK(many.take(Items{limits::kBatchEntriesMax, {part(1)}}).error() == SyncError::kTooMuch);

  // Bodies count by what they are announced to be.
  Receiver large(0);
  const auto body = static_cast<std::uint32_t>(limits::kBodyBytesMax);
  std::uint64_t index = 0;
  std::size_t counted = 0;
  for (;; counted += body + 1) {
    const auto taken = large.take(Items{index++, {part(1, body, body)}});
    if (taken) continue;
    CHECK(taken.error() == SyncError::kTooMuch);
    break;
  }
  CHECK(counted <= limits::kBatchBytesMax + limits::kBodyBytesMax);
  CHECK(counted > limits::kBatchBytesMax - limits::kBodyBytesMax);
}

}  // namespace blo::sync
