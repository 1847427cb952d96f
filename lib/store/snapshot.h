// A copy of the whole store as of one moment, taken while the store is in use.
#ifndef BLO_STORE_SNAPSHOT_H
#define BLO_STORE_SNAPSHOT_H

#include "store/journal_store.h"

struct sqlite3_backup;

namespace blo::store {

/// Being taken, into a file of its own. It holds what the store holds when the last step returns.
class Snapshot {
 public:
  /// `source` outlives it. A file that an earlier one left at `path` is removed first.
  [[nodiscard]] static Result<Snapshot> begin(Database& source, const std::filesystem::path& path);
  Snapshot(Snapshot&& other) noexcept;
  Snapshot& operator=(Snapshot&&) = delete;
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  ~Snapshot();

  /// Copies about a megabyte more; between steps the store is used as ever. False: it is whole, and
  /// closed. kFull: no space for it.
  [[nodiscard]] Result<bool> step();

 private:
  Snapshot(sqlite3* target, sqlite3_backup* copy) : target_(target), copy_(copy) {}
  void close();
  sqlite3* target_;
  sqlite3_backup* copy_;
};

/// Where a store from a backup is written in a home, until it is whole and gets its own name.
[[nodiscard]] std::filesystem::path restored_part(const std::filesystem::path& home);

/// The file at `path`, and whatever SQLite put beside it.
void remove_database(const std::filesystem::path& path);

/// One journal as it stands in a copy, every leaf of it hashed again.
struct CheckedJournal {
  Origin origin;
  std::uint64_t size;
  journal::Hash root;
};

/// Reads a whole copy: SQLite's own check, every entry hashed up to the roots that the journals and
/// the receipts name, and every body opened and compared with what its entry or draft committed to,
/// for SQLite does not notice a changed byte. kCorrupt says where. One body at a time is in memory.
/// On a thread of its own: it takes a minute for a few gigabytes.
[[nodiscard]] Result<std::vector<CheckedJournal>> check_copy(const std::filesystem::path& path,
                                                             const crypto::Key& store_key);

/// What stands in a store that was put back from a backup, until the first start on it.
struct PutBack {
  WallTime backup;  // as of when
  WallTime put_back;
};

/// Before a copy becomes an office's store: every pairing that has carried messages is frozen until
/// its counterpart has given back what is newer, and goes on in the next generation alone. In one
/// transaction; all is on the disk when this returns. The store key is not needed. Gives how many
/// pairings it froze.
[[nodiscard]] Result<std::uint64_t> mark_put_back(const std::filesystem::path& path,
                                                  const PutBack& put_back);

}  // namespace blo::store

#endif
