#include "store/journal_store.h"

#include "world.h"

namespace blo::store {
namespace {

using test::Folder;

constexpr std::uint64_t kEntries = 700;  // more than are hashed at each opening
constexpr std::uint64_t kReceipted = 690;

/// A journal under receipts up to kReceipted; all is closed.
void make(const Folder& folder) {
  test::Rows rows(folder.file());
  auto transaction = rows.store->begin().value();
  auto row = rows.make_journal();
  for (std::uint64_t i = 0; i < kEntries; ++i) {
    REQUIRE(rows.append(row, "leaf " + std::to_string(i)).has_value());
    if (row.size() % 230 != 0) continue;
    REQUIRE(rows.journals
                .put_head(row, {row.size(), "note", row.frontier, 1'700'000'000 + row.size(), {}})
                .has_value());
  }
  REQUIRE(rows.journals.save(row).has_value());
  REQUIRE(transaction.commit().has_value());
}

void change(const Folder& folder, const std::string& sql) {
  const auto database = Database::open(folder.file()).value();
  REQUIRE(database->execute(sql.c_str()).has_value());
}

/// Of journal 1, whose places are 2^40 and on.
std::string place(std::uint64_t index) { return std::to_string((std::uint64_t{1} << 40U) + index); }

void check_damaged(const Folder& folder, const std::string& says) {
  const auto opened = test::open(folder.file());
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error() == StoreError::kCorrupt);
  INFO(opened.error().message());
  CHECK(opened.error().message().find(says) != std::string::npos);
  CHECK(opened.error().message().find("UZ-OYBEK/TJ-FOTEHOBOD/1") != std::string::npos);
}

}  // namespace

TEST_CASE("a sound journal of any size opens") {
  for (const std::uint64_t size : {0U, 1U, 2U, 3U, 255U, 256U, 257U, 511U, 512U, 513U}) {
    const Folder folder;
    {
      test::Rows rows(folder.file());
      auto row = rows.make_journal();
      for (std::uint64_t i = 0; i < size; ++i)
        REQUIRE(rows.append(row, "leaf " + std::to_string(i)).has_value());
      REQUIRE(rows.journals.save(row).has_value());
    }
    CHECK(test::open(folder.file()).has_value());
  }
}

TEST_CASE("a journal that is not what its rows say does not open") {
  const Folder folder;
  make(folder);
  REQUIRE(test::open(folder.file()).has_value());
  const std::string at_end = " WHERE place = " + place(kEntries - 3);
  SECTION("its newest entries are missing") {
    change(folder, "DELETE FROM entry WHERE place >= " + place(kEntries - 5));
    check_damaged(folder, "entry 699 is missing");
  }
  SECTION("its first entry is missing") {
    change(folder, "DELETE FROM entry WHERE place = " + place(0));
    check_damaged(folder, "entry 0 is missing");
  }
  SECTION("one among the newest is missing") {
    change(folder, "DELETE FROM entry" + at_end);
    check_damaged(folder, "1 missing of entries 512 to 699");
  }
  SECTION("some of the newest that have a receipt are missing") {
    change(folder, "DELETE FROM entry WHERE place IN (" + place(600) + ", " + place(603) + ")");
    check_damaged(folder, "2 missing of entries 512 to 699");
  }
  SECTION("entries lie beyond its end") {
    change(folder, "INSERT INTO entry(place, leaf, kind, pairing) VALUES(" + place(kEntries + 4) +
                       ", x'00', 0, 1)");
    check_damaged(folder, "entry 704 is there");
  }
  SECTION("a leaf after the newest receipt is another one") {
    change(folder, "UPDATE entry SET leaf = x'00'" + at_end);
    check_damaged(folder, "entry 697");
  }
  SECTION("the hash noted beside an entry after it is another one") {
    change(folder, "UPDATE entry SET subtree = zeroblob(32)" + at_end);
    check_damaged(folder, "entry 697");
  }
  SECTION("the hash noted of all but the newest is another one") {
    change(folder, "UPDATE entry SET subtree = zeroblob(32) WHERE place = " + place(511));
    check_damaged(folder, "are not those receipted");
  }
  SECTION("its tree is another one") {
    change(folder,
           "UPDATE journal SET frontier = CAST(x'00000000000002bc' || zeroblob(32 * 6) AS BLOB)");
    check_damaged(folder, "its entries do not hash to its root");
  }
  SECTION("its tree is an older one") {
    change(folder, "UPDATE journal SET frontier = (SELECT frontier FROM head WHERE size = 460)");
    check_damaged(folder, "entry 699 is there");
  }
  SECTION("the tree under its newest receipt is another one") {
    change(folder,
           "UPDATE head SET frontier = (SELECT frontier FROM head WHERE size = 460) "
           "WHERE size = 690");
    check_damaged(folder, "690");
  }
  SECTION("a receipt is kept over more than is held") {
    change(folder,
           "INSERT INTO head SELECT journal, 705, note, frontier, receipt_time_s, "
           "receipt_signature, kept_at FROM head WHERE size = 690");
    check_damaged(folder, "a receipt is kept over 705 entries, and there are 700");
  }
  SECTION("more was signed than is held") {
    change(folder, "INSERT INTO signed_head VALUES(1, 702, 1)");
    check_damaged(folder, "702 entries was signed, and there are 700");
  }
  CHECK(test::open(folder.file()).error() == StoreError::kCorrupt);  // and so the next time
}

TEST_CASE("a journal whose entries have no hashes noted beside them opens by its receipts") {
  const Folder folder;
  make(folder);
  change(folder, "UPDATE entry SET subtree = NULL, leaf_check = NULL");
  CHECK(test::open(folder.file()).has_value());
  change(folder, "UPDATE entry SET leaf = x'00' WHERE place = " + place(kReceipted + 1));
  check_damaged(folder, "its entries do not hash to its root");
}

TEST_CASE("what an opening reads does not grow with the journal") {
  const Folder folder;
  make(folder);
  // Nothing of it is looked at: only a scrub finds it.
  change(folder, "UPDATE entry SET leaf = x'00' WHERE place = " + place(300));
  change(folder, "UPDATE entry SET leaf = x'00' WHERE place = " + place(kReceipted - 1));
  change(folder, "DELETE FROM entry WHERE place = " + place(301));
  CHECK(test::open(folder.file()).has_value());
}

}  // namespace blo::store
