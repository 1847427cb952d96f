#include "office/full_disk.h"

#include <catch2/catch.hpp>

#include "../../sim/world.h"

namespace blo::office {
namespace {

using sim::World;

WallTime at(int second) { return sim::kStart + seconds(second); }

std::vector<journal::Unentered> entered(sim::Node& node) {
  std::vector<journal::Unentered> found;
  const auto& row = node.office->trail().journal()->row;
  for (const auto& stored :
       node.office->store().journals().records(row, store::RecordKind::kUnentered).value()) {
    const auto entry = journal::Entry::parse(stored.leaf).value();
    const auto record = journal::parse_record(std::get<Bytes>(entry.what)).value();
    found.push_back(std::get<journal::Unentered>(record));
  }
  return found;
}

/// As blo show asks it, with a purpose as long as may be.
TrailEntry shown(const sim::Node& node, std::uint64_t sequence) {
  TrailEntry entry;
  entry.officer = &node.officer();
  entry.act.officer = node.officer().certificate.fingerprint();
  entry.act.sequence = sequence;
  entry.act.request = 4;
  entry.act.subject = "UZ-OYBEK/TJ-FOTEHOBOD/" + std::to_string(sequence);
  entry.request = Bytes(kReserveRequestBytesMax);
  return entry;
}

}  // namespace

TEST_CASE("an officer can take a tenth of the reserve and all of them no more than all of it") {
  FullDisk disk;
  for (std::uint64_t i = 0; i < kReserveActsPerOfficer; ++i) REQUIRE(disk.take(7));
  CHECK_FALSE(disk.take(7));
  for (std::uint64_t i = kReserveActsPerOfficer; i < kReserveActs; ++i)
    REQUIRE(disk.take(100 + i % 50));
  CHECK_FALSE(disk.take(8));
  CHECK_FALSE(disk.take(7));
  disk.restore();
  CHECK(disk.take(7));
}

TEST_CASE("what was read without an entry is one record for each officer and one alarm for all") {
  World world;
  Office& office = *world.a.office;
  FullDisk& disk = office.full_disk();
  REQUIRE(office.enter_unentered(world.a.now).has_value());
  CHECK_FALSE(office.trail().journal().has_value());  // nothing was read
  for (int i = 0; i < 12; ++i) disk.count(7, at(i));
  disk.count(9, at(3));
  CHECK(disk.requests_counted() == 13);

  REQUIRE(office.enter_unentered(world.a.now).has_value());
  CHECK_FALSE(disk.has_counted());
  const auto records = entered(world.a);
  REQUIRE(records.size() == 2);
  CHECK(std::tie(records[0].person, records[0].requests) == std::tuple(7U, 12U));
  CHECK(std::tie(records[0].first, records[0].last) == std::tuple(at(0), at(11)));
  CHECK(std::tie(records[1].person, records[1].requests) == std::tuple(9U, 1U));
  const auto alarms = office.alarms().list(false).value();
  REQUIRE(alarms.size() == 1);
  CHECK(alarms[0].code == "unentered");
  CHECK(alarms[0].occurrences == 13);
  CHECK(alarms[0].sentence.find("officer 7 12 times") != std::string::npos);
  CHECK(alarms[0].sentence.find("officer 9 once") != std::string::npos);

  disk.count(7, at(20));  // the disk is full again before anybody looked
  REQUIRE(office.enter_unentered(world.a.now).has_value());
  CHECK(office.alarms().list(false).value().size() == 1);
  CHECK(office.alarms().list(false).value()[0].occurrences == 14);
  REQUIRE(office.enter_unentered(world.a.now).has_value());
  CHECK(entered(world.a).size() == 3);
}

TEST_CASE("the acts of a reserve fit into what is kept for them") {
  World world;
  sim::Node& node = world.a;
  REQUIRE(node.office->store().keep_reserve(kReserveBytes).has_value());
  const auto log = std::filesystem::path(node.path.string() + "-wal");
  const auto before = std::filesystem::file_size(log);
  for (std::uint64_t i = 0; i < kReserveActs; ++i) {
    REQUIRE(
        node.office->trail().enter(shown(node, i), node.now, store::Space::kReserve).has_value());
  }
  CHECK(std::filesystem::file_size(log) - before <= kReserveActs * kReserveActBytes);
}

}  // namespace blo::office
