#include "sync/sender.h"

#include <catch2/catch.hpp>

#include "base/limits.h"
#include "sync/receiver.h"

namespace blo::sync {
namespace {

constexpr SteadyTime kStart{milliseconds(1'000'000)};

Item item(std::size_t entry, std::size_t body) {
  return {Bytes(entry, 0xee), Bytes(body > 0 ? 32 : 0, 0x11), Bytes(body, 0xbb)};
}

/// Gives the frames to a receiver as they would arrive.
Batch deliver(const std::vector<Frame>& frames, std::uint64_t first) {
  Receiver receiver(first);
  for (const auto& frame : frames) {
    const auto parsed = parse_frame(encode_frame(frame)).value();
    if (const auto* items = std::get_if<Items>(&parsed)) {
      REQUIRE(receiver.take(*items).has_value());
    } else if (const auto* chunk = std::get_if<BodyChunk>(&parsed)) {
      REQUIRE(receiver.take(*chunk).has_value());
    } else {
      return receiver.take(std::get<BatchEnd>(parsed)).value();
    }
  }
  FAIL("no end");
  return {};
}

}  // namespace

TEST_CASE("a packed batch arrives as it was in frames of bulk size") {
  const std::vector<std::pair<std::size_t, std::size_t>> sizes{
      {300, 1000}, {16'384, 300 * 1024}, {300, 0}, {10, 16 * 1024}, {10, 16 * 1024 + 1}, {300, 5}};
  std::vector<Item> items;
  for (const auto& [entry, body] : sizes) items.push_back(item(entry, body));
  const auto frames = pack_batch(7, items, "note");
  for (const auto& frame : frames) {
    // An entry and the beginning of a body are together at most two bulk frames.
    CHECK(encode_frame(frame).size() <= 2 * limits::kBulkFrameBytes + 512);
  }
  const Batch batch = deliver(frames, 7);
  CHECK(batch.first == 7);
  CHECK(batch.checkpoint == "note");
  REQUIRE(batch.items.size() == items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    CHECK(batch.items[i].entry == items[i].entry);
    CHECK(batch.items[i].content_key == items[i].content_key);
    CHECK(batch.items[i].body == items[i].body);
  }
}

TEST_CASE("small items share frames") {
  const auto frames = pack_batch(0, std::vector<Item>(100, item(300, 100)), "note");
  CHECK(frames.size() <= 5);
  CHECK(deliver(frames, 0).items.size() == 100);
}

TEST_CASE("two batches go out before the first receipt and no third") {
  Sender sender(10);
  CHECK(sender.idle());
  REQUIRE(sender.allowance());
  CHECK(sender.allowance()->first == 10);
  sender.sent(15, 1000, kStart);
  CHECK(sender.allowance()->first == 15);
  sender.sent(20, 1000, kStart);
  CHECK_FALSE(sender.allowance());
  CHECK(sender.receipted(15, kStart + seconds(1)).has_value());
  CHECK(sender.receipted_size() == 15);
  CHECK(sender.allowance()->first == 20);
  CHECK(sender.receipted(20, kStart + seconds(1)).has_value());
  CHECK(sender.idle());
  CHECK(sender.next() == 20);
}

TEST_CASE("a receipt for a size that is not on its way is out of order") {
  Sender sender(10);
  CHECK(sender.receipted(10, kStart).error() == SyncError::kOutOfOrder);
  sender.sent(15, 1000, kStart);
  sender.sent(20, 1000, kStart);
  for (const std::uint64_t size : {0U, 14U, 16U, 20U, 21U})
    CHECK(sender.receipted(size, kStart).error() == SyncError::kOutOfOrder);
  CHECK(sender.receipted_size() == 10);
  CHECK(sender.receipted(15, kStart).has_value());
  CHECK(sender.receipted(15, kStart).error() == SyncError::kOutOfOrder);
}

TEST_CASE("batches grow on a fast line and shrink to a second of a slow one") {
  Sender sender(0);
  SteadyTime now = kStart;
  std::uint64_t end = 0;
  const auto exchange = [&](milliseconds took) {
    const auto bytes = sender.allowance()->bytes_max;
    sender.sent(++end, bytes, now);
    now += took;
    REQUIRE(sender.receipted(end, now).has_value());
  };
  for (int i = 0; i < 20; ++i) exchange(milliseconds(10));
  CHECK(sender.allowance()->bytes_max == limits::kBatchBytesMax / 2);
  exchange(seconds(64));
  const auto slow = sender.allowance()->bytes_max;
  CHECK(slow <= limits::kBatchBytesMax / 2 / 64);
  CHECK(slow >= limits::kBatchBytesMin);
  for (int i = 0; i < 5; ++i) exchange(std::chrono::hours(1));
  CHECK(sender.allowance()->bytes_max == limits::kBatchBytesMin);
}

TEST_CASE("a small batch says nothing about a fast line") {
  Sender sender(0);
  const auto before = sender.allowance()->bytes_max;
  sender.sent(1, 500, kStart);
  REQUIRE(sender.receipted(1, kStart + seconds(2)).has_value());
  CHECK(sender.allowance()->bytes_max == before);
}

TEST_CASE("what was not taken is sent again from the newest receipt on") {
  Sender sender(10);
  CHECK(sender.not_taken().error() == SyncError::kOutOfOrder);
  sender.sent(20, 500, kStart);
  sender.sent(30, 500, kStart);
  REQUIRE(sender.receipted(20, kStart).has_value());
  REQUIRE(sender.not_taken().has_value());
  CHECK(sender.next() == 20);
  CHECK(sender.idle());
  CHECK(sender.receipted(30, kStart).error() == SyncError::kOutOfOrder);
}

}  // namespace blo::sync
