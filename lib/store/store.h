// The office's store: one SQLite database, opened by one process, written by one thread.
#ifndef BLO_STORE_STORE_H
#define BLO_STORE_STORE_H

#include "store/address_store.h"
#include "store/alarm_store.h"
#include "store/clock_store.h"
#include "store/draft_store.h"
#include "store/hold_store.h"
#include "store/journal_store.h"
#include "store/mark_store.h"
#include "store/officer_store.h"
#include "store/order_store.h"
#include "store/pairing_store.h"
#include "store/signing_store.h"
#include "store/snapshot.h"
#include "store/step_store.h"
#include "store/stranded_store.h"
#include "store/wait_store.h"

namespace blo::store {

/// When the last scrub that came to its end did, how many entries it read, and what differed.
struct Scrubbed {
  WallTime ended;
  std::uint64_t entries;
  std::uint64_t damaged;
};

/// Nothing in it is plaintext content: bodies are sealed, keys, names and pairing secrets wrapped
/// under the store key.
class Store {
 public:
  /// Opens, migrates, and makes sure that it is this office's under this store key (kForeign).
  /// Where there is no file a store is made aside and put there whole, so that an empty file is
  /// damage and never a beginning (kCorrupt): it would replace journals that were lost. On a file
  /// system that takes no writes it is opened to be read (reads_only()). What was
  /// erased before a kill is in no file of the store afterwards, unless there was no space for
  /// that.
  ///
  /// kCorrupt, and every file is left as it lies: database and log were never beside each other, or
  /// a journal is not what its rows say (JournalStore::check_ends()).
  [[nodiscard]] static Result<std::unique_ptr<Store>> open(const std::filesystem::path& path,
                                                           const OfficeId& office, Network network,
                                                           const crypto::Key& store_key);

  /// One that no file holds: from what image() gave of another, or a new one where that is empty.
  /// It must be this office's under this store key, too (kForeign).
  [[nodiscard]] static Result<std::unique_ptr<Store>> in_memory(ByteView image,
                                                                const OfficeId& office,
                                                                Network network,
                                                                const crypto::Key& store_key);
  /// All of a store in memory, for another one to go on from.
  [[nodiscard]] Result<Bytes> image() const { return database_->image(); }

  [[nodiscard]] Result<Transaction> begin(Space space = Space::kFree) {
    return Transaction::begin(*database_, space);
  }
  /// From now on so much of the disk is kept for Space::kReserve. kFull, kReadOnly: there is no
  /// room for that; another time there may be.
  [[nodiscard]] Result<void> keep_reserve(std::uint64_t bytes) {
    return database_->keep_reserve(bytes);
  }
  /// It lies on a file system that took no writes when it was opened: nothing is begun.
  [[nodiscard]] bool reads_only() const { return database_->reads_only(); }
  [[nodiscard]] bool keeps_reserve() const { return database_->keeps_reserve(); }
  /// Of the file system that holds it; none: no file does, or the system does not say.
  [[nodiscard]] std::optional<DiskSpace> disk_space() const { return database_->disk_space(); }
  /// Call when nothing urgent waits, after commits. Whatever secret was destroyed by one of them is
  /// in no file of the store afterwards.
  [[nodiscard]] Result<void> tidy();

  /// The same at once, for whoever answers that it is so.
  [[nodiscard]] Result<void> wipe_leftovers();

  /// Begins a copy of everything, into a file at `path`.
  [[nodiscard]] Result<Snapshot> snapshot(const std::filesystem::path& path) {
    return Snapshot::begin(*database_, path);
  }
  /// Where this store was put back from a backup and nothing was made of that yet.
  [[nodiscard]] Result<std::optional<PutBack>> put_back();
  /// Within the transaction that makes something of it.
  [[nodiscard]] Result<void> forget_put_back();
  /// The latest moment of which this office's own signature was given back to it, and which this
  /// store knew nothing of; none since it was last forgotten.
  [[nodiscard]] Result<std::optional<WallTime>> given_back();
  /// Within a transaction, as the next one; an earlier moment changes nothing.
  [[nodiscard]] Result<void> note_given_back(WallTime signed_at);
  [[nodiscard]] Result<void> forget_given_back();
  /// None: never yet.
  [[nodiscard]] Result<std::optional<Scrubbed>> scrubbed();
  /// Within a transaction.
  [[nodiscard]] Result<void> note_scrubbed(const Scrubbed& scrubbed);

  JournalStore& journals() { return journals_; }
  PairingStore& pairings() { return pairings_; }
  AddressStore& addresses() { return addresses_; }
  OfficerStore& officers() { return officers_; }
  AlarmStore& alarms() { return alarms_; }
  DraftStore& drafts() { return drafts_; }
  StrandedStore& stranded() { return stranded_; }
  StepStore& steps() { return steps_; }
  HoldStore& holds() { return holds_; }
  OrderStore& orders() { return orders_; }
  SigningStore& signings() { return signings_; }
  WaitStore& waits() { return waits_; }
  ClockStore& clock() { return clock_; }
  MarkStore& marks() { return marks_; }
  /// A key derived from the store key for one use ("import-key").
  [[nodiscard]] crypto::Key derived_key(std::string_view use) const;

 private:
  Store(std::unique_ptr<Database> database, const crypto::Key& store_key);
  [[nodiscard]] Result<void> check_owner(const OfficeId& office, Network network);
  [[nodiscard]] Result<void> check_journals();
  std::unique_ptr<Database> database_;
  crypto::Key store_key_;
  JournalStore journals_;
  PairingStore pairings_;
  AddressStore addresses_;
  OfficerStore officers_;
  AlarmStore alarms_;
  DraftStore drafts_;
  StrandedStore stranded_;
  StepStore steps_;
  HoldStore holds_;
  OrderStore orders_;
  SigningStore signings_;
  WaitStore waits_;
  ClockStore clock_;
  MarkStore marks_;
};

}  // namespace blo::store

#endif
