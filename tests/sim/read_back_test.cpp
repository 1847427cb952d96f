// What is read back from the disk before anything is signed over it.
#include <catch2/catch.hpp>

#include "old_store.h"

namespace blo::sim {
namespace {

constexpr int kMessages = 300;

/// So much that the first batch does not reach the end of the journal.
void say_much(World& world) {
  for (int i = 0; i < kMessages; ++i)
    world.a.say("message " + std::to_string(i) + std::string(400, 'x'));
}

std::size_t batches_sent(const Node& node) {
  return static_cast<std::size_t>(std::ranges::count_if(node.trace, [](const auto& seen) {
    return seen.sent && std::holds_alternative<sync::BatchEnd>(seen.frame);
  }));
}

/// One bit of an entry's leaf is another one on the disk.
void flip_bit(World& world, Node& node, std::uint64_t index) {
  const auto& row = node.pair().sent->row;
  const Bytes leaf = node.office->store().journals().entry(row, index).value().leaf;
  world.cut();
  node.office.reset();
  auto disk = node.disk();
  std::size_t flipped = 0;
  for (Bytes& file : disk) {
    const auto found = std::ranges::search(file, leaf);
    if (found.empty()) continue;
    *(found.begin() + static_cast<std::ptrdiff_t>(leaf.size() / 2)) ^= 1U;
    ++flipped;
  }
  REQUIRE(flipped == 1);
  node.put_disk(disk);
  node.open();
}

}  // namespace

TEST_CASE("no checkpoint is signed over an entry that was read back with a flipped bit") {
  {
    World sound;
    say_much(sound);
    sound.connect();
    sound.run();
    REQUIRE(batches_sent(sound.a) > 2);  // so the first does not reach the end
  }
  World world;
  say_much(world);
  flip_bit(world, world.a, 5);
  world.connect();
  world.run();
  CHECK(batches_sent(world.a) == 0);
  CHECK_FALSE(world.connected());
  CHECK(world.b.received_size() == 0);
  REQUIRE(world.a.failure);
  CHECK(*world.a.failure == store::StoreError::kCorrupt);
  CHECK(world.a.failure->message().find("entry 5") != std::string::npos);
}

TEST_CASE("a flipped bit in what is under a receipt makes no fork of it") {
  World world;
  say_much(world);
  world.converge();
  // What the heads are compared with has no head of its own here: it is read from the entries.
  const std::uint64_t size = world.a.sent_size();
  world.cut();
  world.a.say("under the next receipt, which is lost");
  world.b.meddle = [](sync::Frame& frame) {
    if (std::holds_alternative<sync::Receipt>(frame)) frame = sync::Ping{7};
  };
  world.connect();
  world.run();
  REQUIRE(world.b.pair().received->head->checkpoint.size == size + 1);
  world.b.meddle = nullptr;
  flip_bit(world, world.a, size);
  world.connect();
  world.run();
  CHECK_FALSE(world.a.frozen());
  CHECK_FALSE(world.b.frozen());
  REQUIRE(world.a.failure);
  CHECK(*world.a.failure == store::StoreError::kCorrupt);
}

}  // namespace blo::sim
