// SQLite behind three small classes; the only door to sqlite3.h.
#ifndef BLO_STORE_DATABASE_H
#define BLO_STORE_DATABASE_H

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "store/error.h"
#include "store/log_mark.h"
#include "store/reserve.h"

struct sqlite3;
struct sqlite3_stmt;

namespace blo::store {

class Place;

struct DiskSpace {
  std::uint64_t free_bytes;  // for whoever is not root
  std::uint64_t bytes;
};

/// A prepared statement in use: bind in order, step, read columns. Resets itself when it goes. A
/// number that the store cannot hold makes it one that fails with kOutOfRange and does nothing.
class Statement {
 public:
  /// `destroyed` is set once the statement has destroyed something; null where it cannot.
  Statement(sqlite3_stmt* prepared, bool* destroyed) : prepared_(prepared), destroyed_(destroyed) {}
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  Statement& bind(std::int64_t value);
  /// SQLite's integers are signed: the upper half of the numbers is out of range.
  Statement& bind(std::uint64_t value);
  Statement& bind(WallTime time) { return bind(std::int64_t{time.time_since_epoch().count()}); }
  Statement& bind(const Place& place);
  Statement& bind(int value) { return bind(static_cast<std::int64_t>(value)); }
  /// The bytes must outlive the statement's use.
  Statement& bind(ByteView bytes);
  Statement& bind(const Bytes& bytes) { return bind(ByteView(bytes)); }
  Statement& bind(std::string_view text);
  Statement& bind_null();

  /// True: a row is there. False: done.
  [[nodiscard]] Result<bool> step();
  /// For statements without rows.
  [[nodiscard]] Result<void> run();

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::uint64_t natural(int column) const {
    return static_cast<std::uint64_t>(integer(column));
  }
  /// Valid until the next step.
  [[nodiscard]] ByteView blob(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  sqlite3_stmt* prepared_;
  bool* destroyed_;
  int next_parameter_ = 1;
  bool out_of_range_ = false;
};

/// One connection: WAL, synchronous=FULL, exclusive, secure_delete, no mmap, explicit WAL
/// checkpoints.
///
/// What is secret stands in columns named `sealed` and `wrapped_…`, and nowhere else. A statement
/// that changes such a column, or deletes rows that have one, destroys a secret, of which the log
/// keeps a copy until the next checkpoint. Which statements do is read from the statement itself as
/// it is prepared, so that nobody has to remember to say so.
class Database {
 public:
  /// Opens or creates; ":memory:" is a database of its own that no file holds. kLocked when another
  /// process holds it.
  [[nodiscard]] static Result<std::unique_ptr<Database>> open(const std::filesystem::path& path);
  /// Of one on a file system that takes no writes: what it holds can be read, and every transaction
  /// is kReadOnly, until it is opened again. The caller sees to it that nobody else has it open.
  [[nodiscard]] static Result<std::unique_ptr<Database>> open_to_read(
      const std::filesystem::path& path);
  /// One of its own that no file holds and that goes on from an image().
  [[nodiscard]] static Result<std::unique_ptr<Database>> open_image(ByteView image);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  /// A cached statement; `sql` is one of ours, so failing to prepare it is a bug.
  [[nodiscard]] Statement prepare(const char* sql);
  [[nodiscard]] Result<void> execute(const char* sql);

  /// Where this closes without more, its log stays as it lies: what was found damaged is not mixed
  /// further. Not so from the beginning.
  void leave_log(bool leave);
  /// Schema and mark as database and log have them together.
  [[nodiscard]] Result<HeaderNumber> header_number();

  [[nodiscard]] std::int64_t last_row() const;
  /// The whole database as its file would be; of one in memory.
  [[nodiscard]] Result<Bytes> image() const;
  /// Outside of a transaction: moves the WAL into the database when it has grown past about 4 MB,
  /// or has a copy of something destroyed; errors are final (no retry of fsync).
  [[nodiscard]] Result<void> checkpoint_wal_if_due();
  /// Afterwards the WAL is empty, or zeros: what was destroyed is in neither file.
  [[nodiscard]] Result<void> checkpoint_wal();

  /// From now on `bytes` of the disk are kept for transactions in Space::kReserve, and no other
  /// begins without them. kFull, kReadOnly: there is no room for that now, and none is kept.
  [[nodiscard]] Result<void> keep_reserve(std::uint64_t bytes);
  [[nodiscard]] std::optional<DiskSpace> disk_space() const;
  [[nodiscard]] bool reads_only() const { return reads_only_; }
  [[nodiscard]] bool keeps_reserve() const { return reserve_ != nullptr; }

 private:
  friend class Transaction;
  friend class Snapshot;
  Database(sqlite3* connection, std::filesystem::path log)
      : connection_(connection), log_(std::move(log)) {}

  struct Prepared {
    sqlite3_stmt* statement = nullptr;
    bool destroys = false;
  };
  /// What a statement does, as SQLite tells while it compiles it.
  struct Effects {
    static int note(void* effects, int action, const char* table, const char* column,
                    const char* database, const char* trigger);
    bool changes_secret = false;
    std::vector<std::string> deletes_from;
  };
  [[nodiscard]] bool destroy_secrets(const Effects& effects);
  [[nodiscard]] bool has_secrets(const std::string& table);
  [[nodiscard]] Result<void> checkpoint(int how);
  [[nodiscard]] Result<void> put_header_number(HeaderNumber number);
  /// Inside a transaction: the first of a log says so.
  [[nodiscard]] Result<void> mark_log_begun();
  /// Before the log is moved into the database.
  [[nodiscard]] Result<void> mark_log_over();
  /// Asks the disk for what is missing of the reserve.
  [[nodiscard]] Result<void> restore_reserve();
  [[nodiscard]] std::uint64_t wal_bytes() const;

  sqlite3* connection_;
  std::filesystem::path log_;
  Effects effects_;  // of what is being compiled
  std::map<const char*, Prepared> prepared_;
  bool has_log_ = true;  // false: in memory
  bool reads_only_ = false;
  bool leaves_log_ = false;
  bool broken_ = false;     // a commit failed for another reason than space
  int wal_pages_ = 0;       // as of the last commit
  bool destroyed_ = false;  // since the log was last cut or wiped
  std::unique_ptr<Reserve> reserve_;
  std::uint64_t reserve_bytes_ = 0;
};

/// What a transaction may use of the disk.
enum class Space {
  kFree,    // what is free, and leaves the reserve as it is
  kReserve  // the reserve, too
};

/// Begun by making one; rolled back unless committed. They do not nest.
class Transaction {
 public:
  /// kFull, kReadOnly: the reserve is not whole, and this is not what it is kept for.
  [[nodiscard]] static Result<Transaction> begin(Database& database, Space space = Space::kFree);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  /// When this returns without error everything in it is on the disk.
  [[nodiscard]] Result<void> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace blo::store

#endif
