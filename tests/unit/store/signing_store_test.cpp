#include "world.h"

namespace blo::store {
namespace {

using test::Folder;
using test::Rows;

constexpr WallTime kNoon{seconds(1'709'812'800)};

}  // namespace

TEST_CASE("when a checkpoint was first signed outlives a reopening and a later signing") {
  const Folder folder;
  {
    Rows rows(folder.file());
    JournalRow row = rows.make_journal();
    for (const char* leaf : {"a", "b", "c"}) REQUIRE(rows.append(row, leaf).has_value());
    REQUIRE(rows.journals.save(row).has_value());
    SigningStore& signings = rows.store->signings();
    CHECK_FALSE(signings.first(row, 3).value());
    REQUIRE(signings.note(row, 3, kNoon).has_value());
    REQUIRE(signings.note(row, 3, kNoon + seconds(60)).has_value());
    CHECK(signings.first(row, 3).value() == kNoon);
    REQUIRE(signings.note(row, 3, kNoon - seconds(60)).has_value());
  }
  Rows rows(folder.file());
  const JournalRow row = rows.journals.of_pairing(rows.pairing).value().front();
  SigningStore& signings = rows.store->signings();
  CHECK(signings.first(row, 3).value() == kNoon - seconds(60));
  CHECK_FALSE(signings.first(row, 4).value());
}

TEST_CASE("what is under a receipt or was cut off is not a signing any more") {
  const Folder folder;
  Rows rows(folder.file());
  JournalRow row = rows.make_journal();
  for (int i = 0; i < 6; ++i) REQUIRE(rows.append(row, "leaf " + std::to_string(i)).has_value());
  SigningStore& signings = rows.store->signings();
  for (const std::uint64_t size : {2U, 3U, 5U, 6U})
    REQUIRE(signings.note(row, size, kNoon).has_value());
  REQUIRE(rows.journals.put_head(row, {3, "note", row.frontier, 1, {}}).has_value());
  CHECK_FALSE(signings.first(row, 2).value());
  CHECK_FALSE(signings.first(row, 3).value());
  CHECK(signings.first(row, 5).value());
  REQUIRE(rows.journals.cut(row, 5).has_value());
  CHECK(signings.first(row, 5).value());
  CHECK_FALSE(signings.first(row, 6).value());
  REQUIRE(rows.journals.remove(row).has_value());
}

}  // namespace blo::store
