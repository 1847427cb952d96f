// What is read back from the disk before anything is signed over it.
#include <catch2/catch.hpp>

#include "old_store.h"

namespace blo::sim {
namespace {

constexpr int kMessages = 300;

/// More than is hashed at an opening.
void say_much(World& world) {
  for (int i = 0; i < kMessages; ++i)
    world.a.say("message " + std::to_string(i) + std::string(400, 'x'));
}

/// One bit of an entry's leaf is another one on the disk; the office is down.
void flip_bit(World& world, Node& node, std::uint64_t index) {
  const auto row = node.pair().sent->row;
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
}

}  // namespace

TEST_CASE("an office does not start over an entry without receipt that has a flipped bit") {
  World world;
  say_much(world);
  flip_bit(world, world.a, 5);
  const auto opened = office::Office::open(world.a.kit.keys(), world.a.path);
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error() == store::StoreError::kCorrupt);
  CHECK(opened.error().message().find("entry 5 ") != std::string::npos);
}

TEST_CASE("a flipped bit in what is under a receipt makes no fork of it and is not given back") {
  World world;
  exchange(world, 1);
  const auto disk = copy_of(world, world.b);
  say_much(world);
  world.converge();
  // A starts: what an opening reads does not reach there. B asks for it.
  flip_bit(world, world.a, world.a.sent_size() - kMessages + 5);
  world.a.open();
  put_back_from_backup(world, world.b, disk);
  const std::uint64_t held = world.b.received_size();
  world.connect();
  world.run();
  CHECK_FALSE(world.a.frozen());
  CHECK(recovery_of(world.b) == store::Recovery::kRecovering);
  CHECK(world.b.received_size() < held + kMessages);
  REQUIRE(world.a.failure);
  CHECK(*world.a.failure == store::StoreError::kCorrupt);
}

}  // namespace blo::sim
