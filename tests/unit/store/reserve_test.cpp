#include "store/reserve.h"

#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>

#include "base/file.h"
#include "crypto/random.h"
#include "refusing.h"
#include "store/database.h"
#include "world.h"

namespace blo::store {
namespace {

constexpr std::uint64_t kReserve = 1024 * 1024;

/// Bytes of the disk that a database's log has, in use or not.
std::uint64_t log_blocks(const test::Folder& folder) {
  struct stat log {};
  REQUIRE(::stat((folder.file().string() + "-wal").c_str(), &log) == 0);
  return static_cast<std::uint64_t>(log.st_blocks) * 512;
}

std::unique_ptr<Database> with_reserve(const test::Folder& folder) {
  auto database = Database::open(folder.file()).value();
  REQUIRE(database->execute("CREATE TABLE t(b BLOB)").has_value());
  REQUIRE(database->keep_reserve(kReserve).has_value());
  return database;
}

Result<void> insert(Database& database, std::size_t size, Space space = Space::kFree) {
  auto transaction = Transaction::begin(database, space);
  if (!transaction) return transaction.error();
  const auto done = database.prepare("INSERT INTO t VALUES(?)").bind(Bytes(size)).run();
  return done ? transaction->commit() : done;
}

int count(Database& database) {
  Statement select = database.prepare("SELECT count(*) FROM t");
  REQUIRE(select.step().value());
  return static_cast<int>(select.integer(0));
}

bool is_in(const std::filesystem::path& path, ByteView secret) {
  const Bytes file = read_file(path, 1U << 26U).value();
  return !std::ranges::search(file, secret).empty();
}

/// Until no more is taken, or more than was taken ahead.
Result<void> fill(Database& database) {
  Result<void> done;
  for (std::uint64_t written = 0; done && written <= 2 * Reserve::kAheadBytes; written += 10'000)
    done = insert(database, 10'000);
  return done;
}

}  // namespace

TEST_CASE("a reserve has its blocks before anybody needs them and keeps them as the log grows") {
  const test::Folder folder;
  const auto database = with_reserve(folder);
  CHECK(log_blocks(folder) >= kReserve);
  for (int i = 0; i < 20; ++i) REQUIRE(insert(*database, 100'000).has_value());
  REQUIRE(insert(*database, 1).has_value());
  const std::string log = folder.file().string() + "-wal";
  CHECK(log_blocks(folder) >= std::filesystem::file_size(log) + kReserve);
}

TEST_CASE("on a full disk nothing begins but what the reserve is for") {
  const test::Folder folder;
  const auto database = with_reserve(folder);
  const test::Refusing full(ENOSPC, test::Refusing::kAllocations);
  // What was taken ahead is left; then every byte more would be the reserve's.
  CHECK(fill(*database).error() == StoreError::kFull);
  CHECK(insert(*database, 1).error() == StoreError::kFull);
  std::uint64_t reserved = 0;
  while (reserved < kReserve / 2 && insert(*database, 10'000, Space::kReserve).has_value())
    reserved += 10'000;
  CHECK(reserved >= kReserve / 2);
  CHECK(insert(*database, 1).error() == StoreError::kFull);
}

TEST_CASE("once there is room again the reserve is whole and everything begins") {
  const test::Folder folder;
  const auto database = with_reserve(folder);
  {
    const test::Refusing full(EDQUOT, test::Refusing::kAllocations);
    CHECK(fill(*database).error() == StoreError::kFull);
    REQUIRE(insert(*database, 100'000, Space::kReserve).has_value());
  }
  REQUIRE(insert(*database, 1).has_value());
  const std::string log = folder.file().string() + "-wal";
  CHECK(log_blocks(folder) >= std::filesystem::file_size(log) + kReserve);
}

TEST_CASE(
    "a log that is begun anew keeps the reserve's blocks and one that is cut gets them anew") {
  const test::Folder folder;
  const auto database = with_reserve(folder);
  for (int i = 0; i < 6; ++i) REQUIRE(insert(*database, 1U << 20U).has_value());
  {
    const test::Refusing full(ENOSPC, test::Refusing::kAllocations);
    REQUIRE(database->checkpoint_wal_if_due().has_value());
    CHECK(log_blocks(folder) >= (6U << 20U));
    CHECK(insert(*database, 1'000'000).has_value());  // into what the log had before
  }
  // Longer than what is overwritten, it is cut.
  for (int i = 0; i < 9; ++i) REQUIRE(insert(*database, 1U << 20U).has_value());
  REQUIRE(database->checkpoint_wal().has_value());
  CHECK(std::filesystem::file_size(folder.file().string() + "-wal") == 0);
  CHECK(log_blocks(folder) >= kReserve);
  CHECK(log_blocks(folder) < 2 * kReserve);
}

TEST_CASE("a log that is wiped keeps the reserve's blocks while somebody fills the disk") {
  const int zeroing = GENERATE(0, ENOSPC, EOPNOTSUPP);  // what the file system says to that
  const test::Folder folder;
  const auto database = with_reserve(folder);
  const auto log = folder.file().string() + "-wal";
  const Bytes secret = to_bytes(crypto::random_array<64>());
  for (int round = 0; round < 3; ++round) {
    REQUIRE(database->prepare("INSERT INTO t VALUES(?)").bind(secret).run().has_value());
    REQUIRE(is_in(log, secret));
    const auto blocks = log_blocks(folder);
    REQUIRE(blocks >= kReserve);
    {
      const test::Refusing full(zeroing, test::Refusing::kAllocations);
      REQUIRE(database->checkpoint_wal().has_value());
    }
    CHECK_FALSE(is_in(log, secret));
    CHECK(is_in(folder.file(), secret));
    CHECK(log_blocks(folder) >= blocks);
    // Killed there, and on a disk that takes no writes.
    const test::Folder copy;
    for (const char* ending : {"", "-wal"})
      std::filesystem::copy_file(folder.file().string() + ending, copy.file().string() + ending);
    CHECK(count(*Database::open_to_read(copy.file()).value()) == 2 * round + 1);
    const auto again = Database::open(copy.file()).value();
    CHECK(count(*again) == 2 * round + 1);
    CHECK(insert(*again, 1).has_value());
    CHECK(insert(*database, 1).has_value());
    CHECK(count(*database) == 2 * round + 2);
  }
}

TEST_CASE("where the disk has no room for it none is kept and the store works without") {
  const test::Folder folder;
  const auto database = Database::open(folder.file()).value();
  REQUIRE(database->execute("CREATE TABLE t(b BLOB)").has_value());
  {
    const test::Refusing full(ENOSPC, test::Refusing::kAllocations);
    CHECK(database->keep_reserve(kReserve).error() == StoreError::kFull);
  }
  CHECK_FALSE(database->keeps_reserve());
  {
    // More than there is is not even asked for: some file systems would give what they have.
    const test::Refusing asked(EIO, test::Refusing::kAllocations);
    CHECK(database->keep_reserve(std::uint64_t{1} << 60U).error() == StoreError::kFull);
  }
  CHECK(insert(*database, 1).has_value());
}

TEST_CASE("a file system that gives no blocks ahead is written to instead") {
  const test::Folder folder;
  std::unique_ptr<Database> database;
  {
    const test::Refusing none(EOPNOTSUPP, test::Refusing::kAllocations);
    database = with_reserve(folder);
    CHECK(std::filesystem::file_size(folder.file().string() + "-wal") >= kReserve);
    CHECK(insert(*database, 10'000).has_value());
    CHECK(insert(*database, 500'000, Space::kReserve).has_value());
  }
  {
    // Killed: the zeros are taken for the log's end.
    const test::Folder copy;
    for (const char* ending : {"", "-wal"})
      std::filesystem::copy_file(folder.file().string() + ending, copy.file().string() + ending);
    const auto again = Database::open(copy.file()).value();
    Statement count = again->prepare("SELECT count(*) FROM t");
    REQUIRE(count.step().value());
    CHECK(count.integer(0) == 2);
  }
}

}  // namespace blo::store
