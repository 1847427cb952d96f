#include "office/trail.h"

#include <catch2/catch.hpp>

#include "../../sim/world.h"

namespace blo::office {
namespace {

using sim::Node;
using sim::World;

constexpr milliseconds kDay{24LL * 60 * 60 * 1000};

TrailEntry looked(const Node& node, const std::string& subject) {
  TrailEntry entry;
  entry.officer = &node.officer();
  entry.act.officer = node.officer().certificate.fingerprint();
  entry.act.request = 4;
  entry.act.subject = subject;
  entry.act.signature = crypto::sign(crypto::Purpose::kControlRequest, node.kit.officer,
                                     {entry.act.signed_bytes(node.office->keys().id)});
  return entry;
}

/// Reads the whole trail as an auditor does.
std::vector<journal::ReadEntry> read_trail(Node& node) {
  const auto& row = node.office->trail().journal()->row;
  journal::Reader reader(row.origin, node.office->keys().certificate);
  std::vector<journal::ReadEntry> entries;
  REQUIRE(node.office->store()
              .journals()
              .entries(row, 0, row.size(),
                       [&](const store::StoredEntry& entry) {
                         entries.push_back(reader.read(journal::parse_leaf(entry.leaf),
                                                       journal::StampVerdict::kHolds));
                         return true;
                       })
              .has_value());
  return entries;
}

std::vector<crypto::Hash> trail_heads_of(Node& node) {
  std::vector<crypto::Hash> heads;
  const auto& row = node.pair().sent->row;
  for (const auto& stored :
       node.office->store().journals().records(row, store::RecordKind::kTrailHead).value()) {
    const auto entry = journal::Entry::parse(stored.leaf).value();
    const auto record = journal::parse_record(std::get<Bytes>(entry.what)).value();
    if (const auto* head = std::get_if<journal::TrailHead>(&record)) heads.push_back(head->hash);
  }
  return heads;
}

}  // namespace

TEST_CASE("an act is introduced by its officer's certificate and holds its signature") {
  World world;
  auto& trail = world.a.office->trail();
  CHECK_FALSE(trail.head().has_value());
  CHECK(trail.enter(looked(world.a, "A"), world.a.now).value() == 2);
  CHECK(trail.enter(looked(world.a, "B"), world.a.now).value() == 3);
  for (const auto& entry : read_trail(world.a)) {
    CHECK_FALSE(entry.refusal.has_value());
    CHECK(journal::check_signatures(entry));
  }
}

TEST_CASE("an act under another officer's signature does not hold") {
  World world;
  auto forged = looked(world.a, "A");
  forged.act.subject = "A";
  forged.act.sequence = 7;
  REQUIRE(world.a.office->trail().enter(forged, world.a.now).has_value());
  CHECK_FALSE(journal::check_signatures(read_trail(world.a).back()));
}

TEST_CASE("what an aborted transaction would have added never was") {
  World world;
  auto& trail = world.a.office->trail();
  {
    auto transaction = world.a.office->store().begin().value();
    Trail::Addition addition(trail, world.a.now);
    REQUIRE(addition.add(looked(world.a, "lost")).has_value());
    REQUIRE(addition.finish().has_value());
  }
  CHECK_FALSE(trail.head().has_value());
  CHECK(trail.enter(looked(world.a, "kept"), world.a.now).value() == 2);
  CHECK(read_trail(world.a).size() == 3);
}

TEST_CASE("the trail goes on where it was after a crash") {
  World world;
  REQUIRE(world.a.office->trail().enter(looked(world.a, "A"), world.a.now).has_value());
  world.a.crash();
  world.connect();
  world.run();
  CHECK(world.a.office->trail().enter(looked(world.a, "B"), world.a.now).value() == 3);
  CHECK(read_trail(world.a).size() == 4);
}

TEST_CASE("its head stands in the pair journal once a day") {
  World world;
  auto& office = *world.a.office;
  REQUIRE(office.trail().enter(looked(world.a, "A"), world.a.now).has_value());
  CHECK_FALSE(office.date_trail(world.a.now).value());
  world.a.now.wall += kDay;
  CHECK(office.date_trail(world.a.now).value());
  CHECK_FALSE(office.date_trail(world.a.now).value());
  CHECK(trail_heads_of(world.a) ==
        std::vector{crypto::sha256(as_bytes(office.trail().head()->note.text))});
  world.a.restart();
  CHECK_FALSE(world.a.office->date_trail(world.a.now).value());
  world.a.now.wall += kDay;
  CHECK(world.a.office->date_trail(world.a.now).value());
  CHECK(trail_heads_of(world.a).size() == 2);
}

TEST_CASE("a counterpart that is turned away is entered once an hour for each reason") {
  World world;
  auto& trail = world.a.office->trail();
  const OfficeId other = world.a.pair().counterpart();
  for (int i = 0; i < 3; ++i) {
    REQUIRE(trail.enter_refused_peer(other, "identity", world.a.now).has_value());
    REQUIRE(trail.enter_refused_peer(other, "clock", world.a.now).has_value());
  }
  CHECK(read_trail(world.a).size() == 3);
  world.a.now.steady += milliseconds(60 * 60 * 1000);
  REQUIRE(trail.enter_refused_peer(other, "clock", world.a.now).has_value());
  CHECK(read_trail(world.a).size() == 4);
}

}  // namespace blo::office
