#include "old_store.h"

#include <catch2/catch.hpp>

namespace blo::sim {

using store::Recovery;

void put_back(World& world, Node& node, const std::vector<Bytes>& disk) {
  world.cut();
  node.office.reset();
  node.put_disk(disk);
  node.open();
}

void begin_recovery(Node& node) {
  REQUIRE(office::freeze(node.office->store(), node.pair(), "restored", "", Recovery::kRecovering)
              .has_value());
}

void put_back_from_backup(World& world, Node& node, const std::vector<Bytes>& disk) {
  put_back(world, node, disk);
  begin_recovery(node);
}

void renew(World& world, Node& node) {
  world.cut();
  REQUIRE(node.office->open_next_generation(node.pair(), node.now).has_value());
}

std::vector<Bytes> copy_of(World& world, Node& node) {
  world.cut();
  return node.disk();
}

Recovery recovery_of(Node& node) { return node.pair().row.recovery; }

void give_back(World& world, Node& node) {
  for (int i = 0; i < 20 && recovery_of(node) != Recovery::kRecovered; ++i) {
    if (!world.connected()) world.connect();
    world.run();
  }
  REQUIRE(recovery_of(node) == Recovery::kRecovered);
}

namespace {

/// A message that was accepted and never left has another number afterwards.
void find_again(Node& node) {
  for (Said& said : node.said) {
    const auto found =
        node.office->store().journals().find_message(node.pair().row.id, said.id).value();
    REQUIRE(found);
    for (const auto* row : node.pair().generations(true)) {
      if (row->id == found->first) said.number = office::number_of(*row, found->second);
    }
  }
}

}  // namespace

office::Office::Recovered go_on(Node& node) {
  const auto recovered = node.office->recover(node.pair(), node.now);
  REQUIRE(recovered.has_value());
  find_again(node);
  return *recovered;
}

bool signs(const Node& node) {
  return node.has<sync::BatchEnd>(true) || node.has<sync::Receipt>(true);
}

void exchange(World& world, int messages) {
  for (int i = 0; i < messages; ++i) {
    world.a.say("from UZ " + std::to_string(i));
    world.b.say("from TJ " + std::to_string(i));
    world.converge();
  }
}

}  // namespace blo::sim
