#include "store/store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/file.h"
#include "base/guarded_file.h"
#include "crypto/hash.h"
#include "seal/wrap.h"
#include "store/schema.h"

namespace blo::store {
namespace {

std::string owner_of(const OfficeId& office, Network network) {
  return std::string(to_string(network)) + "/" + office.text();
}

/// Of a store that holds nothing yet.
Result<Bytes> empty_image(const std::string& owner, const crypto::Key& store_key) {
  auto database = Database::open(":memory:");
  if (!database) return database.error();
  if (const auto done = migrate(**database); !done) return done.error();
  const Bytes wrapped = seal::wrap(store_key, as_bytes("owner"), as_bytes(owner));
  {
    Statement insert = (*database)->prepare("INSERT INTO meta(name, value) VALUES('owner', ?)");
    if (const auto done = insert.bind(wrapped).run(); !done) return done.error();
  }
  return (*database)->image();
}

Result<void> make_store(const std::filesystem::path& path, const std::string& owner,
                        const crypto::Key& store_key) {
  const auto image = empty_image(owner, store_key);
  if (!image) return image.error();
  const auto written = write_guarded_file(path, *image);
  // Another process was faster: which of the two goes on is decided by the lock.
  if (!written && written.error() == FileError::kExists) return {};
  if (!written && written.error() == GuardError::kUnguardable) return written.error();
  if (!written) return Error(StoreError::kFailed, written.error().message());
  return {};
}

Result<void> check_file(const std::filesystem::path& path, bool exists) {
  std::error_code failed;
  const std::string wal = path.string() + "-wal";
  if (!exists && std::filesystem::exists(wal, failed))
    return Error(StoreError::kCorrupt, "there is no " + path.string() + " to " + wal);
  if (!exists) return {};
  const auto size = std::filesystem::file_size(path, failed);
  if (!failed && size == 0) return Error(StoreError::kCorrupt, path.string() + " is empty");
  return {};
}

Error not_together(const std::filesystem::path& path) {
  return {StoreError::kCorrupt, path.string() + " and " + path.filename().string() +
                                    "-wal are not of one time: one of them was copied without the "
                                    "other"};
}

bool takes_no_writes(const std::filesystem::path& path) {
  return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0 && errno == EROFS;
}

}  // namespace

Store::Store(std::unique_ptr<Database> database, const crypto::Key& store_key)
    : database_(std::move(database)),
      store_key_(store_key.clone()),
      journals_(*database_, store_key_),
      pairings_(*database_, store_key_),
      addresses_(*database_),
      officers_(*database_, store_key_),
      alarms_(*database_, store_key_),
      drafts_(*database_, store_key_),
      stranded_(*database_, store_key_),
      steps_(*database_),
      holds_(*database_, store_key_),
      orders_(*database_),
      signings_(*database_),
      waits_(*database_),
      clock_(*database_),
      marks_(*database_) {}

Result<void> Store::tidy() { return database_->checkpoint_wal_if_due(); }

Result<void> Store::wipe_leftovers() { return database_->checkpoint_wal(); }

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& path,
                                           const OfficeId& office, Network network,
                                           const crypto::Key& store_key) {
  std::error_code failed;
  const bool exists = std::filesystem::exists(std::filesystem::symlink_status(path, failed));
  if (const auto sound = check_file(path, exists); !sound) return sound.error();
  if (!exists) {
    const auto made = make_store(path, owner_of(office, network), store_key);
    if (!made) return made.error().within(path.string());
  }
  const auto own = own_number(path);
  if (!own) return own.error();
  auto database = takes_no_writes(path) ? Database::open_to_read(path) : Database::open(path);
  if (!database) return database.error();
  (*database)->leave_log(true);
  const auto both = (*database)->header_number();
  if (!both) return both.error().within(path.string());
  if (!belong_together(*own, *both)) return not_together(path);
  if (const auto done = migrate(**database); !done) return done.error().within(path.string());
  std::unique_ptr<Store> store(new Store(std::move(*database), store_key));
  if (const auto done = store->check_owner(office, network); !done) {
    return done.error().within(path.string());
  }
  if (const auto done = store->waits_.load(); !done) return done.error().within(path.string());
  if (const auto done = store->check_journals(); !done) return done.error().within(path.string());
  store->database_->leave_log(false);
  // Whoever was killed between an erasure and its wipe left the erased in the log. Without space it
  // stays there until the next wipe: the office can be read all the same.
  const auto wiped = store->wipe_leftovers();
  if (!wiped && !reads_go_on(wiped.error())) return wiped.error().within(path.string());
  return store;
}

Result<std::unique_ptr<Store>> Store::in_memory(ByteView image, const OfficeId& office,
                                                Network network, const crypto::Key& store_key) {
  Result<Bytes> made = Bytes();
  if (image.empty()) made = empty_image(owner_of(office, network), store_key);
  if (!made) return made.error();
  auto database = Database::open_image(image.empty() ? ByteView(*made) : image);
  if (!database) return database.error();
  if (const auto done = migrate(**database); !done) return done.error();
  std::unique_ptr<Store> store(new Store(std::move(*database), store_key));
  if (const auto done = store->check_owner(office, network); !done) return done.error();
  if (const auto done = store->waits_.load(); !done) return done.error();
  if (const auto done = store->check_journals(); !done) return done.error();
  return store;
}

/// All generations: each costs a few rows.
Result<void> Store::check_journals() {
  const auto rows = journals_.all();
  if (!rows) return rows.error();
  for (const auto& row : *rows) {
    const auto checked = journals_.check_ends(row);
    if (!checked) return checked.error().within(row.origin.text());
  }
  return {};
}

Result<void> Store::check_owner(const OfficeId& office, Network network) {
  Statement select = database_->prepare("SELECT value FROM meta WHERE name = 'owner'");
  const auto row = select.step();
  if (!row) return row.error();
  if (!*row) return Error(StoreError::kCorrupt, "it does not say whose it is");
  const auto opened = seal::unwrap(store_key_, as_bytes("owner"), select.blob(0));
  if (!opened || as_text(*opened) != owner_of(office, network)) return StoreError::kForeign;
  return {};
}

Result<std::optional<PutBack>> Store::put_back() {
  Statement select = database_->prepare("SELECT value FROM meta WHERE name = 'put back'");
  const auto row = select.step();
  if (!row) return row.error();
  if (!*row) return std::optional<PutBack>();
  const ByteView value = select.blob(0);
  if (value.size() != 16) return Error(StoreError::kCorrupt, "when it was put back");
  return std::optional(PutBack{from_unix_ms(read_be<std::uint64_t>(value.first(8))),
                               from_unix_ms(read_be<std::uint64_t>(value.last(8)))});
}

Result<void> Store::forget_put_back() {
  return database_->prepare("DELETE FROM meta WHERE name = 'put back'").run();
}

Result<std::optional<WallTime>> Store::given_back() {
  Statement select = database_->prepare("SELECT value FROM meta WHERE name = 'given back'");
  const auto row = select.step();
  if (!row) return row.error();
  if (!*row) return std::optional<WallTime>();
  const ByteView value = select.blob(0);
  if (value.size() != 8) return Error(StoreError::kCorrupt, "when what was given back was signed");
  return std::optional(from_unix_ms(read_be<std::uint64_t>(value)));
}

Result<void> Store::note_given_back(WallTime signed_at) {
  const auto before = given_back();
  if (!before) return before.error();
  if (*before && **before >= signed_at) return {};
  Bytes value;
  append_be(value, to_unix_ms(signed_at));
  return database_->prepare("INSERT OR REPLACE INTO meta(name, value) VALUES('given back', ?)")
      .bind(value)
      .run();
}

Result<void> Store::forget_given_back() {
  return database_->prepare("DELETE FROM meta WHERE name = 'given back'").run();
}

Result<std::optional<Scrubbed>> Store::scrubbed() {
  Statement select = database_->prepare("SELECT value FROM meta WHERE name = 'scrubbed'");
  const auto row = select.step();
  if (!row) return row.error();
  if (!*row) return std::optional<Scrubbed>();
  const ByteView value = select.blob(0);
  if (value.size() != 24) return Error(StoreError::kCorrupt, "when it was scrubbed");
  return std::optional(Scrubbed{from_unix_ms(read_be<std::uint64_t>(value.first(8))),
                                read_be<std::uint64_t>(value.subspan(8, 8)),
                                read_be<std::uint64_t>(value.last(8))});
}

Result<void> Store::note_scrubbed(const Scrubbed& scrubbed) {
  Bytes value;
  append_be(value, to_unix_ms(scrubbed.ended));
  append_be(value, scrubbed.entries);
  append_be(value, scrubbed.damaged);
  return database_->prepare("INSERT OR REPLACE INTO meta(name, value) VALUES('scrubbed', ?)")
      .bind(value)
      .run();
}

crypto::Key Store::derived_key(std::string_view use) const {
  return crypto::hkdf_sha256(store_key_.view(), {},
                             as_bytes(std::string("blo/store/") + std::string(use)));
}

}  // namespace blo::store
