#include "store/database.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <climits>
#include <cstring>
#include <fstream>
#include <string>

#include "store/place.h"
#include "store/refused_write.h"

namespace blo::store {
namespace {

constexpr int kWalPagesMax = 1024;  // of 4 KiB
// As SQLite's file format has them.
constexpr std::uint64_t kWalHeaderBytes = 32;
constexpr std::uint64_t kWalPageBytes = 4096 + 24;

std::filesystem::path log_of(const std::filesystem::path& path) { return path.string() + "-wal"; }

/// What a log that was left may hold at most: of a killed process, or of a larger log before. One
/// that begins with zeros was wiped, and is none.
int wal_pages_left(const std::filesystem::path& log) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(log, failed);
  std::array<char, 4> magic{};
  if (failed || !std::ifstream(log, std::ios::binary).read(magic.data(), magic.size()) ||
      magic == std::array<char, 4>{})
    return 0;
  return static_cast<int>(std::min<std::uint64_t>(size / kWalPageBytes, INT_MAX));
}

/// A path in a URI.
std::string quoted(const std::filesystem::path& path) {
  std::string text;
  for (const char c : path.string()) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '/' || c == '-' ||
                       c == '_' || c == '.';
    constexpr std::string_view kHex = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    if (plain) {
      text += c;
    } else {
      text += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return text;
}

Error full(const std::string& detail) {
  const int why = take_last_refused_write();
  const auto told = why == ENOSPC ? std::nullopt : refused_write(why);
  return told ? *told : Error(StoreError::kFull, detail);
}

Error failed(sqlite3* connection) {
  const int code = sqlite3_extended_errcode(connection);
  const std::string detail = sqlite3_errmsg(connection);
  if (code == SQLITE_READONLY) return {StoreError::kReadOnly, detail};
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {StoreError::kLocked, detail};
    case SQLITE_FULL: return full(detail);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return {StoreError::kCorrupt, detail};
    case SQLITE_CONSTRAINT: return {StoreError::kConstraint, detail};
    default: return {StoreError::kFailed, detail + " (" + std::to_string(code) + ")"};
  }
}

Error reads_alone() {
  return {StoreError::kReadOnly,
          "blod began when nothing could be written: start it again once that is mended"};
}

sqlite3* connection_of(sqlite3_stmt* statement) { return sqlite3_db_handle(statement); }

int remember_wal_pages(void* wal_pages, sqlite3*, const char*, int pages) {
  *static_cast<int*>(wal_pages) = pages;
  return SQLITE_OK;
}

bool is_secret(std::string_view column) {
  return column == "sealed" || column.starts_with("wrapped_");
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : prepared_(std::exchange(other.prepared_, nullptr)),
      destroyed_(other.destroyed_),
      next_parameter_(other.next_parameter_),
      out_of_range_(other.out_of_range_) {}

Statement::~Statement() {
  if (prepared_ == nullptr) return;
  sqlite3_reset(prepared_);  // repeats the last step's error, which step() has reported
  sqlite3_clear_bindings(prepared_);
}

Statement& Statement::bind(std::int64_t value) {
  BLO_CHECK(sqlite3_bind_int64(prepared_, next_parameter_++, value) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind(std::uint64_t value) {
  if (value <= INT64_MAX) return bind(static_cast<std::int64_t>(value));
  out_of_range_ = true;
  return bind_null();
}

Statement& Statement::bind(const Place& place) {
  if (place.number()) return bind(*place.number());
  out_of_range_ = true;
  return bind_null();
}

Statement& Statement::bind(ByteView bytes) {
  // A null pointer would bind NULL where an empty blob is meant.
  const void* data = bytes.empty() ? static_cast<const void*>("") : bytes.data();
  BLO_CHECK(sqlite3_bind_blob64(prepared_, next_parameter_++, data, bytes.size(), SQLITE_STATIC) ==
            SQLITE_OK);
  return *this;
}

Statement& Statement::bind(std::string_view text) {
  BLO_CHECK(sqlite3_bind_text64(prepared_, next_parameter_++, text.data(), text.size(),
                                SQLITE_TRANSIENT, SQLITE_UTF8) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind_null() {
  BLO_CHECK(sqlite3_bind_null(prepared_, next_parameter_++) == SQLITE_OK);
  return *this;
}

Result<bool> Statement::step() {
  if (out_of_range_) return StoreError::kOutOfRange;
  switch (sqlite3_step(prepared_)) {
    case SQLITE_ROW: return true;
    case SQLITE_DONE:
      if (destroyed_ != nullptr && sqlite3_changes64(connection_of(prepared_)) > 0)
        *destroyed_ = true;
      return false;
    default: return failed(connection_of(prepared_));
  }
}

Result<void> Statement::run() {
  const auto row = step();
  if (!row) return row.error();
  return {};
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(prepared_, column);
}

ByteView Statement::blob(int column) const {
  const auto* data = static_cast<const Byte*>(sqlite3_column_blob(prepared_, column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(prepared_, column))};
}

std::string Statement::text(int column) const { return to_string(blob(column)); }

bool Statement::is_null(int column) const {
  return sqlite3_column_type(prepared_, column) == SQLITE_NULL;
}

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& path) {
  take_refused_writes_as_full();
  sqlite3* connection = nullptr;
  const mode_t before = ::umask(0077);
  const int opened = sqlite3_open_v2(
      path.c_str(), &connection,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX,
      nullptr);
  std::unique_ptr<Database> database(new Database(connection, log_of(path)));
  if (opened != SQLITE_OK) {
    ::umask(before);
    return failed(connection).within(path.string());
  }
  database->has_log_ = path != ":memory:";
  database->leave_log(true);
  sqlite3_extended_result_codes(connection, 1);
  // EXCLUSIVE before the first read keeps WAL without a shared-memory file (docs/decisions/0003).
  const char* const settings[] = {
      "PRAGMA locking_mode=EXCLUSIVE", "PRAGMA journal_mode=WAL",   "PRAGMA synchronous=FULL",
      "PRAGMA secure_delete=ON",       "PRAGMA foreign_keys=ON",    "PRAGMA mmap_size=0",
      "PRAGMA wal_autocheckpoint=0",   "PRAGMA trusted_schema=OFF", "PRAGMA cache_size=-4096",
      "PRAGMA temp_store=MEMORY",      "PRAGMA cell_size_check=ON"};
  for (const char* setting : settings) {
    if (const auto done = database->execute(setting); !done) {
      ::umask(before);
      return done.error().within(path.string());
    }
  }
  sqlite3_set_authorizer(connection, Effects::note, &database->effects_);
  // Not before: wal_autocheckpoint is a hook itself and takes the place of any other.
  database->wal_pages_ = wal_pages_left(database->log_);
  sqlite3_wal_hook(connection, remember_wal_pages, &database->wal_pages_);
  // Takes the lock now rather than at the first write.
  const auto locked = database->execute("BEGIN IMMEDIATE; COMMIT");
  ::umask(before);
  if (!locked) return locked.error().within(path.string());
  database->leave_log(false);
  return database;
}

Result<std::unique_ptr<Database>> Database::open_to_read(const std::filesystem::path& path) {
  // A log can neither be locked nor begun there: one that holds something is read without its lock,
  // and where there is none SQLite must be told that none will come.
  const bool has_log = wal_pages_left(log_of(path)) > 0;
  const std::string name = has_log ? path.string() : "file:" + quoted(path) + "?immutable=1";
  sqlite3* connection = nullptr;
  const int opened = sqlite3_open_v2(name.c_str(), &connection,
                                     SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW |
                                         SQLITE_OPEN_NOMUTEX | (has_log ? 0 : SQLITE_OPEN_URI),
                                     has_log ? "unix-none" : nullptr);
  std::unique_ptr<Database> database(new Database(connection, log_of(path)));
  if (opened != SQLITE_OK) return failed(connection).within(path.string());
  database->reads_only_ = true;
  sqlite3_extended_result_codes(connection, 1);
  for (const char* setting :
       {"PRAGMA locking_mode=EXCLUSIVE", "PRAGMA query_only=ON", "PRAGMA mmap_size=0",
        "PRAGMA trusted_schema=OFF", "PRAGMA cache_size=-4096", "PRAGMA temp_store=MEMORY",
        "PRAGMA cell_size_check=ON", "SELECT count(*) FROM sqlite_schema"}) {
    const auto done = database->execute(setting);
    if (!done) return done.error().within(path.string());
  }
  return database;
}

Result<std::unique_ptr<Database>> Database::open_image(ByteView image) {
  auto database = open(":memory:");
  if (!database) return database;
  auto* copy = static_cast<unsigned char*>(sqlite3_malloc64(image.size()));
  if (copy == nullptr) return Error(StoreError::kFailed, "no memory for a database's image");
  std::memcpy(copy, image.data(), image.size());
  sqlite3* connection = (*database)->connection_;
  const auto size = static_cast<sqlite3_int64>(image.size());
  // The copy is SQLite's from here on, whatever comes of it.
  if (sqlite3_deserialize(connection, "main", copy, size, size,
                          SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE) !=
      SQLITE_OK)
    return failed(connection);
  // Reads it: what is no database is found here and not by the first statement.
  if (const auto read = (*database)->execute("BEGIN IMMEDIATE; COMMIT"); !read) return read.error();
  return database;
}

Database::~Database() {
  // Closing moves the log into the database, too. Unmarked it goes all the same.
  if (!leaves_log_ && !reads_only_ && !broken_) static_cast<void>(mark_log_over());
  for (const auto& [sql, prepared] : prepared_) sqlite3_finalize(prepared.statement);
  sqlite3_close(connection_);
}

void Database::leave_log(bool leave) {
  BLO_CHECK(sqlite3_db_config(connection_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, leave ? 1 : 0,
                              nullptr) == SQLITE_OK);
  leaves_log_ = leave;
}

Result<HeaderNumber> Database::header_number() {
  Statement read = prepare("PRAGMA user_version");
  const auto row = read.step();
  if (!row) return row.error();
  return HeaderNumber::of(read.integer(0));
}

Result<void> Database::put_header_number(HeaderNumber number) {
  return execute(("PRAGMA user_version=" + std::to_string(number.user_version())).c_str());
}

Result<void> Database::mark_log_begun() {
  if (!has_log_ || wal_pages_ > 0) return {};
  const auto number = header_number();
  if (!number) return number.error();
  return put_header_number(number->log_begun());
}

Result<void> Database::mark_log_over() {
  if (!has_log_ || wal_pages_ == 0) return {};
  const auto number = header_number();
  if (!number) return number.error();
  const HeaderNumber over = number->log_over();
  return over.mark == number->mark ? Result<void>() : put_header_number(over);
}

int Database::Effects::note(void* effects, int action, const char* table, const char* column,
                            const char*, const char*) {
  auto& noted = *static_cast<Effects*>(effects);
  if (action == SQLITE_UPDATE && is_secret(column)) noted.changes_secret = true;
  if (action == SQLITE_DELETE) noted.deletes_from.emplace_back(table);
  return SQLITE_OK;
}

bool Database::has_secrets(const std::string& table) {
  Statement columns = prepare("SELECT name FROM pragma_table_info(?)");
  columns.bind(std::string_view(table));
  for (;;) {
    const auto row = columns.step();
    if (!row) return true;  // what cannot be told counts as secret
    if (!*row) return false;
    if (is_secret(columns.text(0))) return true;
  }
}

bool Database::destroy_secrets(const Effects& effects) {
  return effects.changes_secret ||
         std::ranges::any_of(effects.deletes_from,
                             [this](const std::string& table) { return has_secrets(table); });
}

Statement Database::prepare(const char* sql) {
  Prepared& prepared = prepared_[sql];
  if (prepared.statement == nullptr) {
    effects_ = {};
    const int compiled = sqlite3_prepare_v3(connection_, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                            &prepared.statement, nullptr);
    if (compiled != SQLITE_OK) check_failed(sqlite3_errmsg(connection_), sql, compiled);
    prepared.destroys = destroy_secrets(std::exchange(effects_, {}));
  }
  return Statement(prepared.statement, prepared.destroys ? &destroyed_ : nullptr);
}

Result<void> Database::execute(const char* sql) {
  if (sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return failed(connection_);
  return {};
}

std::int64_t Database::last_row() const { return sqlite3_last_insert_rowid(connection_); }

Result<Bytes> Database::image() const {
  sqlite3_int64 size = 0;
  unsigned char* image = sqlite3_serialize(connection_, "main", &size, 0);
  if (image == nullptr) return failed(connection_);
  Bytes bytes(image, image + size);
  sqlite3_free(image);
  return bytes;
}

Result<void> Database::keep_reserve(std::uint64_t bytes) {
  if (reads_only_) return reads_alone();
  auto reserve = Reserve::of(log_);
  if (!reserve) return reserve.error();
  const auto held = (*reserve)->hold(wal_bytes() + bytes);
  if (!held) return held;
  reserve_ = std::move(*reserve);
  reserve_bytes_ = bytes;
  return {};
}

Result<void> Database::restore_reserve() {
  return reserve_ ? reserve_->hold(wal_bytes() + reserve_bytes_) : Result<void>();
}

std::optional<DiskSpace> Database::disk_space() const {
  if (!has_log_) return std::nullopt;
  std::error_code failed;
  const auto space = std::filesystem::space(log_.parent_path(), failed);
  if (failed) return std::nullopt;
  return DiskSpace{space.available, space.capacity};
}

std::uint64_t Database::wal_bytes() const {
  return kWalHeaderBytes + static_cast<std::uint64_t>(wal_pages_) * kWalPageBytes;
}

Result<void> Database::checkpoint_wal_if_due() {
  if (destroyed_) return checkpoint_wal();
  if (wal_pages_ < kWalPagesMax) return {};
  // A log that is begun anew keeps its blocks; one that is cut gives them to whoever is first.
  return checkpoint(reserve_ ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_TRUNCATE);
}

Result<void> Database::checkpoint_wal() {
  // Cut, it would give the reserve's blocks to whoever fills the disk at that moment.
  if (reserve_) {
    const auto moved = checkpoint(SQLITE_CHECKPOINT_RESTART);
    if (!moved) return moved;
    if (reserve_->wipe()) {
      destroyed_ = false;
      return {};
    }
  }
  const auto done = checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
  if (!done || !reserve_) return done;
  reserve_->let_go();
  // Where somebody else took the space meanwhile, the next transaction says so.
  static_cast<void>(restore_reserve());
  return {};
}

Result<void> Database::checkpoint(int how) {
  if (reads_only_) return reads_alone();
  if (broken_) return Error(StoreError::kFailed, "an earlier write failed");
  // Without space for the mark it goes on: what was destroyed must not stay in the log for that.
  if (const auto marked = mark_log_over(); !marked && !reads_go_on(marked.error())) {
    broken_ = marked.error() == StoreError::kFailed;
    return marked;
  }
  if (sqlite3_wal_checkpoint_v2(connection_, nullptr, how, nullptr, nullptr) != SQLITE_OK) {
    return failed(connection_);
  }
  wal_pages_ = 0;
  if (how == SQLITE_CHECKPOINT_TRUNCATE) destroyed_ = false;
  return {};
}

Result<Transaction> Transaction::begin(Database& database, Space space) {
  if (database.reads_only_) return reads_alone();
  if (database.broken_) return Error(StoreError::kFailed, "an earlier write failed");
  if (space == Space::kFree) {
    if (const auto whole = database.restore_reserve(); !whole) return whole.error();
  }
  if (const auto begun = database.execute("BEGIN IMMEDIATE"); !begun) return begun.error();
  Transaction transaction(database);
  if (const auto marked = database.mark_log_begun(); !marked) return marked.error();
  return transaction;
}

Transaction::~Transaction() {
  if (database_ == nullptr) return;
  // Nothing can be done about a failing rollback here: the next begin reports it.
  static_cast<void>(sqlite3_exec(database_->connection_, "ROLLBACK", nullptr, nullptr, nullptr));
}

Result<void> Transaction::commit() {
  if (const auto done = database_->execute("COMMIT"); !done) {
    // The kernel may have dropped what was to be written: nothing is believed before a restart.
    if (done.error() == StoreError::kFailed) database_->broken_ = true;
    return done.error();
  }
  database_ = nullptr;
  return {};
}

}  // namespace blo::store
