#include "store/database.h"

#include "world.h"

namespace blo::store {
namespace {

using test::Folder;

std::int64_t number(Database& database, const char* sql) {
  Statement statement = database.prepare(sql);
  REQUIRE(statement.step().value());
  return statement.integer(0);
}

std::string text(Database& database, const char* sql) {
  Statement statement = database.prepare(sql);
  REQUIRE(statement.step().value());
  return statement.text(0);
}

std::unique_ptr<Database> with_table(const Folder& folder) {
  auto database = Database::open(folder.file()).value();
  REQUIRE(database->execute("CREATE TABLE t(id INTEGER PRIMARY KEY, b BLOB)").has_value());
  return database;
}

Result<void> insert(Database& database, ByteView bytes) {
  return database.prepare("INSERT INTO t(b) VALUES(?)").bind(bytes).run();
}

}  // namespace

TEST_CASE("a database is opened for durability and alone") {
  const Folder folder;
  const auto database = with_table(folder);
  CHECK(text(*database, "PRAGMA journal_mode") == "wal");
  CHECK(number(*database, "PRAGMA synchronous") == 2);
  CHECK(text(*database, "PRAGMA locking_mode") == "exclusive");
  CHECK(number(*database, "PRAGMA secure_delete") == 1);
  CHECK(number(*database, "PRAGMA foreign_keys") == 1);
  CHECK(number(*database, "PRAGMA wal_autocheckpoint") == 0);
  CHECK_FALSE(std::filesystem::exists(folder.file().string() + "-shm"));
  const auto mode = std::filesystem::status(folder.file()).permissions();
  CHECK((mode & std::filesystem::perms::all) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("a database that is open cannot be opened again") {
  const Folder folder;
  auto database = Database::open(folder.file()).value();
  CHECK(Database::open(folder.file()).error() == StoreError::kLocked);
  database.reset();
  CHECK(Database::open(folder.file()).has_value());
}

TEST_CASE("garbage is not a database and stays as it was") {
  const Folder folder;
  const std::string garbage(8192, 'x');
  REQUIRE(test::write_text(folder.file(), garbage));
  CHECK(Database::open(folder.file()).error() == StoreError::kCorrupt);
  CHECK(to_string(ByteView(read_file(folder.file(), 1U << 20U).value())) == garbage);
}

TEST_CASE("a symbolic link is not followed to a database") {
  const Folder folder;
  with_table(folder).reset();
  const auto link = folder.file().parent_path() / "link.db";
  std::filesystem::create_symlink(folder.file(), link);
  CHECK_FALSE(Database::open(link).has_value());
}

TEST_CASE("a transaction that is not committed leaves nothing") {
  const Folder folder;
  auto database = with_table(folder);
  {
    auto transaction = Transaction::begin(*database).value();
    REQUIRE(insert(*database, as_bytes("lost")).has_value());
    CHECK(number(*database, "SELECT count(*) FROM t") == 1);
  }
  CHECK(number(*database, "SELECT count(*) FROM t") == 0);
  {
    auto transaction = Transaction::begin(*database).value();
    REQUIRE(insert(*database, as_bytes("kept")).has_value());
    REQUIRE(transaction.commit().has_value());
  }
  database.reset();
  database = Database::open(folder.file()).value();
  CHECK(text(*database, "SELECT b FROM t") == "kept");
}

TEST_CASE("a full disk is told apart and the store goes on once there is space") {
  const Folder folder;
  const auto database = with_table(folder);
  REQUIRE(database->execute("PRAGMA max_page_count=8").has_value());
  {
    auto transaction = Transaction::begin(*database).value();
    CHECK(insert(*database, Bytes(100'000)).error() == StoreError::kFull);
  }
  CHECK(number(*database, "SELECT count(*) FROM t") == 0);  // reads go on
  REQUIRE(database->execute("PRAGMA max_page_count=1000").has_value());
  auto transaction = Transaction::begin(*database).value();
  CHECK(insert(*database, Bytes(100'000)).has_value());
  CHECK(transaction.commit().has_value());
}

TEST_CASE("a database on a disk that takes no writes is read with its log and without one") {
  const Folder folder;
  auto database = with_table(folder);
  REQUIRE(insert(*database, as_bytes("in the log")).has_value());
  const Folder killed;
  for (const char* ending : {"", "-wal"})
    std::filesystem::copy_file(folder.file().string() + ending, killed.file().string() + ending);
  database.reset();
  REQUIRE_FALSE(std::filesystem::exists(folder.file().string() + "-wal"));
  for (const auto& path : {folder.file(), killed.file()}) {
    const auto reading = Database::open_to_read(path).value();
    CHECK(reading->reads_only());
    CHECK(text(*reading, "SELECT b FROM t") == "in the log");
    const auto begun = Transaction::begin(*reading);
    REQUIRE_FALSE(begun.has_value());
    CHECK(begun.error() == StoreError::kReadOnly);
    CHECK(insert(*reading, as_bytes("more")).error() == StoreError::kReadOnly);
    CHECK(reading->checkpoint_wal().error() == StoreError::kReadOnly);
    CHECK(reading->keep_reserve(1).error() == StoreError::kReadOnly);
  }
  for (const auto& path : {folder.file(), killed.file()}) {
    const auto writing = Database::open(path).value();
    CHECK(insert(*writing, as_bytes("more")).has_value());
    CHECK(number(*writing, "SELECT count(*) FROM t") == 2);
  }
}

TEST_CASE("a row that breaks a rule is a constraint and no more") {
  const Folder folder;
  const auto database = with_table(folder);
  REQUIRE(insert(*database, as_bytes("first")).has_value());
  const auto again = database->prepare("INSERT INTO t(id) VALUES(?)").bind(1).run();
  CHECK(again.error() == StoreError::kConstraint);
  CHECK(insert(*database, as_bytes("second")).has_value());
}

TEST_CASE("an empty blob is not null and a statement forgets its bindings") {
  const Folder folder;
  const auto database = with_table(folder);
  REQUIRE(insert(*database, {}).has_value());
  constexpr const char* kInsert = "INSERT INTO t(b) VALUES(?)";
  REQUIRE(database->prepare(kInsert).bind(as_bytes("value")).run().has_value());
  REQUIRE(database->prepare(kInsert).run().has_value());
  Statement select = database->prepare("SELECT b FROM t ORDER BY id");
  REQUIRE(select.step().value());
  CHECK_FALSE(select.is_null(0));
  CHECK(select.blob(0).empty());
  REQUIRE(select.step().value());
  CHECK(select.text(0) == "value");
  REQUIRE(select.step().value());
  CHECK(select.is_null(0));
  CHECK_FALSE(select.step().value());
}

TEST_CASE("a large write-ahead log is moved into the database when asked") {
  const Folder folder;
  const auto database = with_table(folder);
  const std::string wal = folder.file().string() + "-wal";
  REQUIRE(database->checkpoint_wal_if_due().has_value());
  CHECK(std::filesystem::file_size(wal) > 0);
  for (int i = 0; i < 6; ++i) REQUIRE(insert(*database, Bytes(1U << 20U)).has_value());
  REQUIRE(std::filesystem::file_size(wal) > (4U << 20U));
  REQUIRE(database->checkpoint_wal_if_due().has_value());
  CHECK(std::filesystem::file_size(wal) == 0);
  CHECK(number(*database, "SELECT count(*) FROM t") == 6);
}

TEST_CASE("a number that SQLite cannot hold makes the statement fail, and nothing is written") {
  const Folder folder;
  const auto database = with_table(folder);
  constexpr const char* kInsert = "INSERT INTO t(id) VALUES(?)";
  REQUIRE(database->prepare(kInsert).bind(std::uint64_t{INT64_MAX}).run().has_value());
  for (const std::uint64_t value : {std::uint64_t{1} << 63U, UINT64_MAX}) {
    CHECK(database->prepare(kInsert).bind(value).run().error() == StoreError::kOutOfRange);
    Statement select = database->prepare("SELECT count(*) FROM t WHERE id <= ?");
    CHECK(select.bind(value).step().error() == StoreError::kOutOfRange);
  }
  CHECK(number(*database, "SELECT count(*) FROM t") == 1);
  CHECK_FALSE(is_store_failure(StoreError::kOutOfRange));  // it is the asker's
  CHECK(is_store_failure(StoreError::kFailed));
}

}  // namespace blo::store
