#include "store/refused_write.h"

#include <cerrno>

#include "refusing.h"
#include "store/database.h"
#include "world.h"

namespace blo::store {
namespace {

std::unique_ptr<Database> with_table(const test::Folder& folder) {
  auto database = Database::open(folder.file()).value();
  REQUIRE(database->execute("CREATE TABLE t(b BLOB)").has_value());
  return database;
}

/// Inserts `size` bytes and commits, the writes refused; what came of it.
Result<void> insert_refused(Database& database, std::size_t size, int error) {
  auto transaction = Transaction::begin(database).value();
  const test::Refusing refusing(error, test::Refusing::kWrites);
  auto done = database.prepare("INSERT INTO t VALUES(?)").bind(Bytes(size)).run();
  return done ? transaction.commit() : done;
}

std::int64_t rows(Database& database) {
  Statement count = database.prepare("SELECT count(*) FROM t");
  REQUIRE(count.step().value());
  return count.integer(0);
}

struct Refused {
  int error;
  StoreError told_as;
  const char* said;
};

}  // namespace

TEST_CASE("a write that a quota or limit or read-only disk refuses is rolled back like on a full") {
  const test::Folder folder;
  auto database = with_table(folder);
  std::int64_t kept = 0;
  for (const auto& [error, told_as, said] : {
           Refused{ENOSPC, StoreError::kFull, "no space left"},
           Refused{EDQUOT, StoreError::kFull, "quota"},
           Refused{EFBIG, StoreError::kFull, "limit of a file's size"},
           Refused{EROFS, StoreError::kReadOnly, "read-only"},
       }) {
    // In a commit; and, larger than the cache, in the middle of a statement.
    for (const std::size_t size : {std::size_t{100}, std::size_t{20'000'000}}) {
      INFO(said << ", " << size << " bytes");
      const auto refused = insert_refused(*database, size, error);
      REQUIRE_FALSE(refused.has_value());
      CHECK(refused.error() == told_as);
      CHECK(reads_go_on(refused.error()));
      CHECK(refused.error().message().find(said) != std::string::npos);
      CHECK(rows(*database) == kept);
      CHECK(insert_refused(*database, 100, 0).has_value());
      CHECK(rows(*database) == ++kept);
    }
    {
      const test::Refusing refusing(error, test::Refusing::kWrites);
      CHECK(database->checkpoint_wal().error() == told_as);
    }
    CHECK(database->checkpoint_wal().has_value());
  }
  database.reset();
  database = Database::open(folder.file()).value();
  CHECK(rows(*database) == kept);
}

TEST_CASE("a write that fails otherwise is a failure and nothing is begun after it") {
  const test::Folder folder;
  const auto database = with_table(folder);
  const auto failed = insert_refused(*database, 100, EIO);
  REQUIRE_FALSE(failed.has_value());
  CHECK(failed.error() == StoreError::kFailed);
  CHECK_FALSE(reads_go_on(failed.error()));
  CHECK(Transaction::begin(*database).error() == StoreError::kFailed);
}

TEST_CASE("after a failed sync nothing is begun whatever it failed for") {
  for (const int error : {EROFS, EDQUOT, ENOSPC, EIO}) {
    const test::Folder folder;
    const auto database = with_table(folder);
    auto transaction = Transaction::begin(*database).value();
    REQUIRE(database->prepare("INSERT INTO t VALUES(1)").run().has_value());
    const test::Refusing refusing(error, test::Refusing::kSyncs);
    const auto failed = transaction.commit();
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error() == StoreError::kFailed);
    CHECK(Transaction::begin(*database).error() == StoreError::kFailed);
  }
}

TEST_CASE("what a write was refused for is told once") {
  const test::Folder folder;
  const auto database = with_table(folder);
  REQUIRE_FALSE(insert_refused(*database, 100, EDQUOT).has_value());
  REQUIRE(database->execute("PRAGMA max_page_count=8").has_value());
  auto transaction = Transaction::begin(*database).value();
  const auto full = database->prepare("INSERT INTO t VALUES(?)").bind(Bytes(100'000)).run();
  CHECK(full.error() == StoreError::kFull);
  CHECK(full.error().message().find("quota") == std::string::npos);
}

}  // namespace blo::store
