#include "store/snapshot.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/draft_store.h"
#include "store/kept_body.h"
#include "store/schema.h"
#include "store/stranded_store.h"

namespace blo::store {
namespace {

constexpr int kPagesAStep = 256;  // of 4 KiB

Error failed(sqlite3* connection, const std::filesystem::path& path) {
  const int code = sqlite3_extended_errcode(connection);
  const auto kind = (code & 0xff) == SQLITE_FULL ? StoreError::kFull : StoreError::kFailed;
  return {kind, path.string() + ", " + sqlite3_errmsg(connection)};
}

Result<void> check_kept(JournalStore& journals, const JournalRow& journal,
                        const StoredEntry& entry) {
  const auto body = journals.body(journal, entry.index);
  if (!body) return body.error();
  const auto held = check_body(entry.leaf, *body);
  if (!held) return held.error().within("entry " + std::to_string(entry.index));
  return {};
}

Result<CheckedJournal> check_journal(JournalStore& journals, const JournalRow& journal) {
  journal::Frontier frontier;
  std::optional<std::uint64_t> wrong_head;
  Result<std::optional<StoredHead>> next = journals.covering_head(journal, 0);
  Result<void> kept = next ? Result<void>() : Result<void>(next.error());
  const auto compare = [&] {
    if (!next || !*next || (*next)->size != frontier.size()) return;
    if ((*next)->frontier.root() != frontier.root()) wrong_head = (*next)->size;
    next = journals.covering_head(journal, frontier.size());
    if (!next) kept = next.error();
  };
  const auto read = journals.entries(journal, 0, journal.size(), [&](const StoredEntry& entry) {
    frontier.append(journal::leaf_hash(entry.leaf));
    compare();
    if (kept) kept = check_kept(journals, journal, entry);
    return kept && !wrong_head;
  });
  if (!read) return read.error().within(journal.origin.text());
  if (!kept) return kept.error().within(journal.origin.text());
  if (wrong_head || *next || frontier.root() != journal.frontier.root()) {
    const std::string size = std::to_string(wrong_head.value_or(journal.size()));
    return Error(StoreError::kCorrupt, journal.origin.text() + " up to " + size +
                                           ": its entries do not hash to its root");
  }
  return CheckedJournal{journal.origin, journal.size(), frontier.root()};
}

Result<void> check_drafts(Database& database, const crypto::Key& store_key) {
  DraftStore drafts(database, store_key);
  Page<std::int64_t> page;
  for (;;) {
    const auto rows = drafts.list(WallTime(), page);
    if (!rows) return rows.error();
    for (const auto& row : *rows) {
      const auto body = drafts.body(row);
      if (!body) return body.error();
      const auto held = check_content(row.envelope, *body);
      if (!held) return held.error().within("draft " + std::to_string(row.id));
    }
    if (rows->size() < page.rows_sought()) return {};
    page = Page<std::int64_t>(rows->back().id, 0);
  }
}

Result<void> check_stranded(Database& database, const crypto::Key& store_key,
                            std::int64_t pairing) {
  const auto rows = StrandedStore(database, store_key).of_pairing(pairing);
  if (!rows) return rows.error();
  for (const auto& row : *rows) {
    const auto held = check_body(row.leaf, row.body);
    if (!held) return held.error().within("a message that waits for the next generation");
  }
  return {};
}

Result<void> check_integrity(Database& database) {
  Statement check = database.prepare("PRAGMA integrity_check(1)");
  const auto row = check.step();
  if (!row) return row.error();
  if (!*row || check.text(0) != "ok") return Error(StoreError::kCorrupt, check.text(0));
  return {};
}

}  // namespace

std::filesystem::path restored_part(const std::filesystem::path& home) {
  return home / "store.db.restored";
}

void remove_database(const std::filesystem::path& path) {
  for (const char* ending : {"", "-wal", "-shm", "-journal"}) {
    ::unlink((path.string() + ending).c_str());
  }
}

Result<Snapshot> Snapshot::begin(Database& source, const std::filesystem::path& path) {
  remove_database(path);
  sqlite3* target = nullptr;
  const mode_t before = ::umask(0077);
  const int opened = sqlite3_open_v2(
      path.c_str(), &target,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX,
      nullptr);
  // The file is of no use before it is whole, so nothing has to survive in it.
  const bool set =
      opened == SQLITE_OK && sqlite3_exec(target,
                                          "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=OFF; "
                                          "PRAGMA synchronous=OFF; BEGIN EXCLUSIVE; COMMIT",
                                          nullptr, nullptr, nullptr) == SQLITE_OK;
  ::umask(before);
  sqlite3_backup* copy =
      set ? sqlite3_backup_init(target, "main", source.connection_, "main") : nullptr;
  if (copy == nullptr) {
    const Error error = failed(target, path);
    sqlite3_close(target);
    remove_database(path);
    return error;
  }
  return Snapshot(target, copy);
}

Snapshot::Snapshot(Snapshot&& other) noexcept
    : target_(std::exchange(other.target_, nullptr)), copy_(std::exchange(other.copy_, nullptr)) {}

Snapshot::~Snapshot() { close(); }

void Snapshot::close() {
  if (copy_ != nullptr) sqlite3_backup_finish(copy_);  // repeats the last step's error
  if (target_ != nullptr) sqlite3_close(target_);
  copy_ = nullptr;
  target_ = nullptr;
}

Result<bool> Snapshot::step() {
  switch (sqlite3_backup_step(copy_, kPagesAStep)) {
    case SQLITE_OK:
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return true;
    case SQLITE_DONE: break;
    case SQLITE_FULL: return Error(StoreError::kFull, "a copy of the store");
    default: return Error(StoreError::kFailed, "a copy of the store");
  }
  sqlite3_backup* copy = std::exchange(copy_, nullptr);
  if (sqlite3_backup_finish(copy) != SQLITE_OK)
    return Error(StoreError::kFailed, "a copy of the store");
  close();
  return false;
}

Result<std::vector<CheckedJournal>> check_copy(const std::filesystem::path& path,
                                               const crypto::Key& store_key) {
  auto database = Database::open(path);
  if (!database) return database.error();
  if (const auto sound = check_integrity(**database); !sound) return sound.error();
  std::vector<std::int64_t> pairings;
  {
    Statement select = (*database)->prepare("SELECT id FROM pairing ORDER BY id");
    for (;;) {
      const auto row = select.step();
      if (!row) return row.error();
      if (!*row) break;
      pairings.push_back(select.integer(0));
    }
  }
  JournalStore journals(**database, store_key);
  auto rows = journals.trails();
  for (const auto pairing : pairings) {
    auto of_pairing = journals.of_pairing(pairing);
    if (!rows) return rows.error();
    if (!of_pairing) return of_pairing.error();
    const auto stranded = check_stranded(**database, store_key, pairing);
    if (!stranded) return stranded.error();
    std::ranges::move(*of_pairing, std::back_inserter(*rows));
  }
  if (!rows) return rows.error();
  if (const auto held = check_drafts(**database, store_key); !held) return held.error();
  std::vector<CheckedJournal> checked;
  for (const auto& row : *rows) {
    auto journal = check_journal(journals, row);
    if (!journal) return journal.error();
    checked.push_back(std::move(*journal));
  }
  return checked;
}

Result<std::uint64_t> mark_put_back(const std::filesystem::path& path, const PutBack& put_back) {
  std::uint64_t frozen = 0;
  {
    auto database = Database::open(path);
    if (!database) return database.error();
    if (const auto done = migrate(**database); !done) return done.error();
    auto transaction = Transaction::begin(**database);
    if (!transaction) return transaction.error();
    const std::string why = "put back from a backup of " + to_rfc3339(put_back.backup);
    {
      // One that is frozen because of two histories stays so; one that a person froze is given back
      // what it lacks, and stays frozen by that person's word.
      Statement update = (*database)->prepare(
          "UPDATE pairing SET state = 4, frozen_why = ?, evidence = '', recovery = 1 "
          "WHERE state = 3 OR (state = 4 AND (recovery > 0 OR coalesce(frozen_why, '') = ''))");
      if (const auto done = update.bind(std::string_view(why)).run(); !done) return done.error();
      Statement changes = (*database)->prepare("SELECT changes()");
      const auto row = changes.step();
      if (!row) return row.error();
      frozen = changes.natural(0);
    }
    {
      Bytes value;
      append_be(value, to_unix_ms(put_back.backup));
      append_be(value, to_unix_ms(put_back.put_back));
      Statement insert =
          (*database)->prepare("INSERT OR REPLACE INTO meta(name, value) VALUES('put back', ?)");
      if (const auto done = insert.bind(value).run(); !done) return done.error();
    }
    if (const auto done = transaction->commit(); !done) return done.error();
    if (const auto done = (*database)->checkpoint_wal(); !done) return done.error();
  }
  return frozen;
}

}  // namespace blo::store
