#include "store/snapshot.h"

#include "world.h"

namespace blo::store {
namespace {

using test::Folder;
using test::Rows;

const WallTime kTime = from_unix_ms(1'800'000'000'000);

std::filesystem::path copy_in(const Folder& folder) { return folder.file().parent_path() / "copy"; }

/// `count` entries of two kilobytes, in one transaction.
void write(Rows& rows, JournalRow& row, int count) {
  auto transaction = rows.store->begin().value();
  for (int i = 0; i < count; ++i) {
    REQUIRE(rows.append(row, std::to_string(row.size()) + std::string(2'000, '.')).has_value());
  }
  REQUIRE(rows.journals.save(row).has_value());
  REQUIRE(transaction.commit().has_value());
}

void change(const std::filesystem::path& path, const char* sql) {
  REQUIRE(Database::open(path).value()->execute(sql).has_value());
}

}  // namespace

TEST_CASE("A copy holds what was written while it was taken and the store goes on") {
  const Folder folder;
  Rows rows(folder.file());
  JournalRow row = rows.make_journal();
  write(rows, row, 3'000);
  {
    auto snapshot = rows.store->snapshot(copy_in(folder));
    REQUIRE(snapshot.has_value());
    int steps = 0;
    while (snapshot->step().value()) {
      write(rows, row, 3);
      REQUIRE(rows.store->tidy().has_value());
      ++steps;
    }
    CHECK(steps > 4);
  }
  const std::uint64_t size = row.size();
  const auto root = row.frontier.root();
  write(rows, row, 1);
  const auto checked = check_copy(copy_in(folder), test::key(1));
  REQUIRE(checked.has_value());
  REQUIRE(checked->size() == 1);
  CHECK(checked->front().size == size);
  CHECK(checked->front().root == root);
  const auto mode = std::filesystem::status(copy_in(folder)).permissions();
  CHECK((mode & std::filesystem::perms::all) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("An entry with one byte changed is found in a copy and so is one that is missing") {
  const Folder folder;
  {
    Rows rows(folder.file());
    JournalRow row = rows.make_journal();
    write(rows, row, 20);
  }
  REQUIRE(check_copy(folder.file(), test::key(1)).has_value());
  change(folder.file(),
         "UPDATE entry SET leaf = CAST(replace(CAST(leaf AS TEXT), '7.', '8.') AS BLOB) "
         "WHERE place % 1024 = 7");
  CHECK(check_copy(folder.file(), test::key(1)).error() == StoreError::kCorrupt);
  change(folder.file(), "DELETE FROM entry WHERE place % 1024 = 7");
  CHECK(check_copy(folder.file(), test::key(1)).error() == StoreError::kCorrupt);
}

TEST_CASE("What waits for the next generation is opened in a copy") {
  const Folder folder;
  {
    Rows rows(folder.file());
    auto transaction = rows.store->begin().value();
    StrandedRow stranded{0, to_bytes("no entry"), {}, {to_bytes("sealed"), test::key(5)}};
    REQUIRE(rows.store->stranded().put(rows.pairing, stranded).has_value());
    REQUIRE(transaction.commit().has_value());
  }
  CHECK(check_copy(folder.file(), test::key(1)).error() == StoreError::kCorrupt);
  change(folder.file(), "DELETE FROM stranded");
  CHECK(check_copy(folder.file(), test::key(1)).has_value());
}

TEST_CASE("A store that is put back has every pairing wait that carried messages") {
  const Folder folder;
  const auto states = std::vector<const char*>{
      "state = 1",  // invited
      "state = 2",  // accepted
      "state = 3",  // confirmed
      "state = 4, frozen_why = 'two histories'",
      "state = 4, frozen_why = 'older', recovery = 2",
      "state = 4",  // by hand
      "state = 5",  // ended
  };
  {
    const auto store = test::open(folder.file()).value();
    for (std::size_t i = 0; i < states.size(); ++i) {
      REQUIRE(store->pairings()
                  .create(test::office("TJ-AT" + std::to_string(i)), as_bytes("file"),
                          crypto::DhKeyPair::generate())
                  .has_value());
    }
  }
  for (std::size_t i = 0; i < states.size(); ++i) {
    change(folder.file(), ("UPDATE pairing SET " + std::string(states[i]) +
                           " WHERE counterpart = 'TJ-AT" + std::to_string(i) + "'")
                              .c_str());
  }
  CHECK(mark_put_back(folder.file(), {kTime, kTime + std::chrono::hours(1)}).value() == 3);
  const auto store = test::open(folder.file()).value();
  const auto rows = store->pairings().all().value();
  REQUIRE(rows.size() == states.size());
  for (const std::size_t i : {2U, 4U, 5U}) {
    CHECK(rows[i].state == PairingState::kFrozen);
    CHECK(rows[i].recovery == Recovery::kRecovering);
    CHECK(rows[i].frozen_why == "put back from a backup of " + to_rfc3339(kTime));
  }
  for (const std::size_t i : {0U, 1U, 3U, 6U}) CHECK(rows[i].recovery == Recovery::kNone);
  CHECK(rows[3].frozen_why == "two histories");
  const auto put_back = store->put_back().value();
  REQUIRE(put_back.has_value());
  CHECK(put_back->backup == kTime);
  CHECK(put_back->put_back == kTime + std::chrono::hours(1));
  auto transaction = store->begin().value();
  REQUIRE(store->forget_put_back().has_value());
  REQUIRE(transaction.commit().has_value());
  CHECK_FALSE(store->put_back().value().has_value());
}

}  // namespace blo::store
