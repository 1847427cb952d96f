#include "store/journal_store.h"

#include "seal/wrap.h"
#include "store/place.h"

namespace blo::store {
namespace {

/// What a wrapped key is bound to: its use and its place.
Bytes bound_to(std::string_view use, std::int64_t place) {
  Bytes bytes = to_bytes(use);
  bytes.push_back(0);
  append_be(bytes, static_cast<std::uint64_t>(place));
  return bytes;
}

StoredEntry read_entry(const Statement& row) {
  StoredEntry entry{index_of(row.integer(0)), to_bytes(row.blob(1)), {}};
  entry.facts.kind = static_cast<std::uint32_t>(row.integer(2));
  MessageId id;
  if (!row.is_null(3) && copy_exact(row.blob(3), id)) entry.facts.message_id = id;
  if (row.integer(4) != 0) {
    entry.facts.refusal = static_cast<journal::RefusalReason>(row.integer(4));
  }
  if (!row.is_null(5)) entry.check = to_bytes(row.blob(5));
  return entry;
}
/// Enough for what a disk or a memory does to a leaf by itself.
constexpr std::size_t kCheckBytes = 8;

Result<std::vector<StoredEntry>> read_entries(Statement& select) {
  std::vector<StoredEntry> found;
  for (;;) {
    const auto row = select.step();
    if (!row) return row.error();
    if (!*row) return found;
    found.push_back(read_entry(select));
  }
}

/// What stands in a record is acted upon.
Result<std::vector<StoredEntry>> as_accepted(Result<std::vector<StoredEntry>> entries,
                                             const JournalRow& journal) {
  if (!entries) return entries;
  for (const auto& entry : *entries) {
    if (const auto same = check_read_back(entry, journal); !same) return same.error();
  }
  return entries;
}

constexpr const char* kOneEntry =
    "SELECT place, leaf, kind, message_id, refusal, leaf_check FROM entry WHERE place = ?";

Result<StoredHead> read_head(const Statement& row) {
  auto frontier = journal::Frontier::parse(row.blob(2));
  if (!frontier) return Error(StoreError::kCorrupt, "a head's frontier");
  if (row.integer(0) < 0 || row.integer(3) < 0)
    return Error(StoreError::kCorrupt, "a head's size or time");
  StoredHead head{row.natural(0), row.text(1), std::move(*frontier), row.natural(3), {}};
  if (row.is_null(4)) return head;
  crypto::Signature signature;
  if (!copy_exact(row.blob(4), signature)) return Error(StoreError::kCorrupt, "a receipt");
  head.receipt_signature = signature;
  return head;
}

Result<std::optional<StoredHead>> read_one_head(Statement& statement) {
  const auto row = statement.step();
  if (!row) return row.error();
  if (!*row) return std::optional<StoredHead>();
  auto head = read_head(statement);
  if (!head) return head.error();
  return std::optional(std::move(*head));
}

Result<JournalRow> read_journal(const Statement& row) {
  const auto origin = Origin::parse(row.text(2));
  auto frontier = journal::Frontier::parse(row.blob(5));
  if (!origin || !frontier) return Error(StoreError::kCorrupt, "journal " + row.text(2));
  JournalRow journal{row.integer(0),        row.integer(1),       *origin, row.integer(3) != 0,
                     to_bytes(row.blob(4)), std::move(*frontier), {},      row.natural(10)};
  journal.last_stamp.time = from_unix_ms(row.natural(6));
  journal.last_stamp.generation = static_cast<std::uint32_t>(row.integer(7));
  journal.last_stamp.size = row.natural(8);
  journal.run = {{journal.last_stamp.generation, journal.last_stamp.size},
                 row.natural(11),
                 {static_cast<std::uint32_t>(row.integer(12)), row.natural(13)}};
  journal.refusing = {journal.run.first, std::max(journal.run.first, row.natural(14))};
  if (!row.is_null(9) && !copy_exact(row.blob(9), journal.last_stamp.root)) {
    return Error(StoreError::kCorrupt, "journal " + row.text(2));
  }
  return journal;
}

constexpr const char* kJournalsOfPairing =
    "SELECT id, pairing, origin, sent, certificate, frontier, stamp_ms, stamp_generation, "
    "stamp_size, stamp_root, refused, run_first, before_generation, before_size, refusing_end "
    "FROM journal WHERE pairing = ? ORDER BY id";
constexpr const char* kJournals =
    "SELECT id, coalesce(pairing, 0), origin, sent, certificate, frontier, stamp_ms, "
    "stamp_generation, stamp_size, stamp_root, refused, run_first, before_generation, before_size, "
    "refusing_end FROM journal ORDER BY id";
constexpr const char* kTrails =
    "SELECT id, 0, origin, sent, certificate, frontier, stamp_ms, stamp_generation, "
    "stamp_size, stamp_root, refused, run_first, before_generation, before_size, refusing_end "
    "FROM journal WHERE pairing IS NULL ORDER BY id";

Result<std::vector<JournalRow>> read_journals(Statement& select) {
  std::vector<JournalRow> journals;
  for (;;) {
    const auto row = select.step();
    if (!row) return row.error();
    if (!*row) return journals;
    auto journal = read_journal(select);
    if (!journal) return journal.error();
    journals.push_back(std::move(*journal));
  }
}

}  // namespace

bool StoredEntry::is_as_accepted() const {
  return check.empty() || equal(check, ByteView(journal::leaf_hash(leaf)).first(kCheckBytes));
}

Result<void> check_read_back(const StoredEntry& entry, const JournalRow& journal) {
  if (entry.is_as_accepted()) return {};
  return Error(StoreError::kCorrupt, "entry " + std::to_string(entry.index) + " of " +
                                         journal.origin.text() + " is not what was accepted");
}

JournalStore::JournalStore(Database& database, const crypto::Key& store_key)
    : database_(database), store_key_(store_key), index_(database) {}

Result<JournalRow> JournalStore::create(std::int64_t pairing, const Origin& origin, bool sent,
                                        ByteView certificate, const crypto::Key* signing_seed) {
  const std::string name = origin.text();
  const Bytes frontier = journal::Frontier().encode();
  Statement insert = database_.prepare(
      "INSERT INTO journal(pairing, origin, sent, certificate, wrapped_key, frontier) "
      "VALUES(?, ?, ?, ?, ?, ?)");
  if (pairing == 0) {
    insert.bind_null();
  } else {
    insert.bind(pairing);
  }
  insert.bind(std::string_view(name)).bind(sent ? 1 : 0).bind(certificate);
  Bytes wrapped;
  if (signing_seed != nullptr) {
    wrapped = seal::wrap(store_key_, as_bytes("journal-key " + name), signing_seed->view());
    insert.bind(wrapped);
  } else {
    insert.bind_null();
  }
  if (const auto done = insert.bind(frontier).run(); !done) return done.error();
  return JournalRow{database_.last_row(), pairing, origin, sent, to_bytes(certificate), {}, {}, 0};
}

Result<std::vector<JournalRow>> JournalStore::of_pairing(std::int64_t pairing) {
  Statement select = database_.prepare(kJournalsOfPairing);
  return read_journals(select.bind(pairing));
}

Result<std::vector<JournalRow>> JournalStore::trails() {
  Statement select = database_.prepare(kTrails);
  return read_journals(select);
}

Result<std::vector<JournalRow>> JournalStore::all() {
  Statement select = database_.prepare(kJournals);
  return read_journals(select);
}

Result<crypto::Key> JournalStore::signing_seed(const JournalRow& journal) {
  Statement select = database_.prepare("SELECT wrapped_key FROM journal WHERE id = ?");
  const auto row = select.bind(journal.id).step();
  if (!row) return row.error();
  if (!*row || select.is_null(0)) return Error(StoreError::kNotFound, "journal key");
  auto seed =
      seal::unwrap(store_key_, as_bytes("journal-key " + journal.origin.text()), select.blob(0));
  if (!seed || seed->size() != 32) return Error(StoreError::kForeign, "journal key");
  crypto::Key key{ByteView(*seed)};
  crypto::wipe(*seed);
  return key;
}

Result<void> JournalStore::destroy_seed(const JournalRow& journal) {
  Statement update = database_.prepare("UPDATE journal SET wrapped_key = NULL WHERE id = ?");
  return update.bind(journal.id).run();
}

Result<void> JournalStore::append(JournalRow& journal, ByteView leaf,
                                  const journal::Hash& leaf_hash, const EntryFacts& facts,
                                  const journal::Record* record, bool counts) {
  Statement insert = database_.prepare(
      "INSERT INTO entry(place, leaf, kind, pairing, message_id, refusal, leaf_check, record, "
      "subtree) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)");
  journal::Frontier after = journal.frontier;
  after.append(leaf_hash);
  insert.bind(place_of(journal, journal.size()))
      .bind(leaf)
      .bind(std::int64_t{facts.kind})
      .bind(journal.pairing);
  if (facts.message_id) {
    insert.bind(ByteView(*facts.message_id));
  } else {
    insert.bind_null();
  }
  insert.bind(facts.refusal ? static_cast<int>(*facts.refusal) : 0);
  insert.bind(ByteView(leaf_hash).first(kCheckBytes));
  insert.bind(record == nullptr ? 0 : static_cast<int>(kind_of(*record)));
  insert.bind(ByteView(after.last_subtree()));
  if (const auto done = insert.run(); !done) return done.error();
  if (record != nullptr && counts) {
    if (const auto done = index_.note(journal, journal.size(), facts, *record); !done) return done;
  }
  journal.frontier = std::move(after);
  if (facts.refusal) ++journal.refused;
  return {};
}

Result<void> JournalStore::put_body(const JournalRow& journal, std::uint64_t index, ByteView sealed,
                                    const crypto::Key& content_key) {
  const auto place = place_of(journal, index).number();
  if (!place) return StoreError::kOutOfRange;
  const Bytes wrapped = seal::wrap(store_key_, bound_to("content-key", *place), content_key.view());
  Statement insert =
      database_.prepare("INSERT INTO body(place, sealed, wrapped_key) VALUES(?, ?, ?)");
  return insert.bind(*place).bind(sealed).bind(wrapped).run();
}

Result<void> JournalStore::erase_body(const JournalRow& journal, std::uint64_t index) {
  if (const auto done = index_.forget_held(journal, index); !done) return done;
  Statement erase = database_.prepare("DELETE FROM body WHERE place = ?");
  if (const auto done = erase.bind(place_of(journal, index)).run(); !done) return done;
  if (journal.sent) return {};
  Statement forget =
      database_.prepare("DELETE FROM awaited WHERE place = ?");  // nobody can open it
  return forget.bind(place_of(journal, index)).run();
}

Result<bool> JournalStore::has_body(const JournalRow& journal, std::uint64_t index) {
  Statement select = database_.prepare("SELECT 1 FROM body WHERE place = ?");
  return select.bind(place_of(journal, index)).step();
}

Result<void> JournalStore::save(const JournalRow& journal) {
  const Bytes frontier = journal.frontier.encode();
  Statement update = database_.prepare(
      "UPDATE journal SET frontier = ?, stamp_ms = ?, stamp_generation = ?, stamp_size = ?, "
      "stamp_root = ?, refused = ?, run_first = ?, before_generation = ?, before_size = ?, "
      "refusing_end = ? WHERE id = ?");
  const auto& stamp = journal.last_stamp;
  return update.bind(frontier)
      .bind(stamp.time)
      .bind(std::int64_t{stamp.generation})
      .bind(stamp.size)
      .bind(ByteView(stamp.root))
      .bind(journal.refused)
      .bind(journal.run.first)
      .bind(std::int64_t{journal.run.before.generation})
      .bind(journal.run.before.size)
      .bind(journal.refusing.end)
      .bind(journal.id)
      .run();
}

Result<void> JournalStore::cut(const JournalRow& journal, std::uint64_t size) {
  ++cuts_;
  if (const auto done = index_.cut(journal, size); !done) return done;
  for (const char* sql : {"DELETE FROM imported WHERE place >= ? AND place < ?",
                          "DELETE FROM body WHERE place >= ? AND place < ?",
                          "DELETE FROM step WHERE place >= ? AND place < ?",
                          "DELETE FROM awaited WHERE place >= ? AND place < ?",
                          "DELETE FROM entry WHERE place >= ? AND place < ?"}) {
    Statement erase = database_.prepare(sql);
    erase.bind(place_of(journal, size)).bind(place_of(journal, journal.size()));
    if (const auto done = erase.run(); !done) return done.error();
  }
  Statement times =
      database_.prepare("UPDATE sure_time SET last = ? WHERE journal = ? AND last > ?");
  const std::uint64_t last = size > 0 ? size - 1 : 0;
  if (const auto done = times.bind(last).bind(journal.id).bind(last).run(); !done) return done;
  for (const char* sql : {"DELETE FROM sure_time WHERE journal = ? AND first >= ?",
                          "DELETE FROM head WHERE journal = ? AND size > ?",
                          "DELETE FROM signed_head WHERE journal = ? AND size > ?"}) {
    Statement heads = database_.prepare(sql);
    if (const auto done = heads.bind(journal.id).bind(size).run(); !done) return done;
  }
  return {};
}

Result<void> JournalStore::remove(const JournalRow& journal) {
  if (const auto done = cut(journal, 0); !done) return done;
  Statement erase = database_.prepare("DELETE FROM journal WHERE id = ?");
  return erase.bind(journal.id).run();
}

Result<StoredEntry> JournalStore::entry(const JournalRow& journal, std::uint64_t index) {
  if (index >= journal.size()) return StoreError::kNotFound;
  Statement select = database_.prepare(kOneEntry);
  const auto row = select.bind(place_of(journal, index)).step();
  if (!row) return row.error();
  if (!*row) return Error(StoreError::kCorrupt, "entry " + std::to_string(index) + " is missing");
  return read_entry(select);
}

Result<StoredBody> JournalStore::body(const JournalRow& journal, std::uint64_t index) {
  Statement select = database_.prepare("SELECT sealed, wrapped_key FROM body WHERE place = ?");
  const auto place = place_of(journal, index).number();
  if (!place) return StoreError::kOutOfRange;
  const auto row = select.bind(*place).step();
  if (!row) return row.error();
  if (!*row) return StoredBody();
  auto key = seal::unwrap(store_key_, bound_to("content-key", *place), select.blob(1));
  if (!key || key->size() != 32) {
    return Error(StoreError::kCorrupt, "content key of entry " + std::to_string(index));
  }
  StoredBody body{to_bytes(select.blob(0)), crypto::Key(ByteView(*key))};
  crypto::wipe(*key);
  return body;
}

Result<void> JournalStore::entries(const JournalRow& journal, std::uint64_t from, std::uint64_t to,
                                   const std::function<bool(StoredEntry)>& take) {
  Statement select = database_.prepare(
      "SELECT place, leaf, kind, message_id, refusal, leaf_check, subtree FROM entry "
      "WHERE place >= ? AND place < ? ORDER BY place");
  select.bind(place_of(journal, from)).bind(place_of(journal, to));
  for (std::uint64_t index = from; index < to; ++index) {
    const auto row = select.step();
    if (!row) return row.error();
    if (!*row || index_of(select.integer(0)) != index) {
      return Error(StoreError::kCorrupt, "entry " + std::to_string(index) + " is missing");
    }
    StoredEntry entry = read_entry(select);
    journal::Hash subtree;
    if (copy_exact(select.blob(6), subtree)) entry.subtree = subtree;
    if (!take(std::move(entry))) return {};
  }
  return {};
}

Result<void> JournalStore::messages_with_body(const JournalRow& journal,
                                              const std::function<bool(StoredEntry)>& take) {
  Statement select = database_.prepare(
      "SELECT entry.place, leaf, kind, message_id, refusal, leaf_check "
      "FROM body JOIN entry USING (place) WHERE place >= ? AND place < ? AND kind != 0 ORDER BY "
      "place");
  select.bind(place_of(journal, 0)).bind(place_of(journal, journal.size()));
  for (;;) {
    const auto row = select.step();
    if (!row) return row.error();
    if (!*row || !take(read_entry(select))) return {};
  }
}

Result<std::vector<StoredEntry>> JournalStore::records(const JournalRow& journal, RecordKind kind,
                                                       std::uint64_t from) {
  Statement select = database_.prepare(
      "SELECT place, leaf, kind, message_id, refusal, leaf_check FROM entry "
      "WHERE record > 0 AND record = ? AND place >= ? AND place < ? ORDER BY place");
  select.bind(static_cast<int>(kind))
      .bind(place_of(journal, from))
      .bind(place_of(journal, journal.size()));
  return as_accepted(read_entries(select), journal);
}

Result<std::optional<StoredEntry>> JournalStore::newest_record(const JournalRow& journal,
                                                               RecordKind kind) {
  Statement select = database_.prepare(
      "SELECT place, leaf, kind, message_id, refusal, leaf_check FROM entry "
      "WHERE record > 0 AND record = ? AND place >= ? AND place < ? AND refusal = 0 "
      "ORDER BY place DESC LIMIT 1");
  const auto row = select.bind(static_cast<int>(kind))
                       .bind(place_of(journal, 0))
                       .bind(place_of(journal, journal.size()))
                       .step();
  if (!row) return row.error();
  if (!*row) return std::optional<StoredEntry>();
  auto newest = read_entry(select);
  if (const auto same = check_read_back(newest, journal); !same) return same.error();
  return std::optional(std::move(newest));
}

Result<std::vector<StoredEntry>> JournalStore::refused_unsaid(const JournalRow& journal) {
  Statement select = database_.prepare(
      "SELECT place, leaf, kind, message_id, refusal, leaf_check FROM entry "
      "WHERE refusal > 0 AND place >= ?1 AND place < ?2 AND NOT EXISTS ("
      "  SELECT 1 FROM refusal_of WHERE refusal_of.pairing = ?3 AND sent = ?4 "
      "  AND generation = ?5 AND refusal_of.entry = place - ?1) ORDER BY place");
  select.bind(place_of(journal, 0))
      .bind(place_of(journal, journal.size()))
      .bind(journal.pairing)
      .bind(journal.sent ? 1 : 0)
      .bind(std::int64_t{journal.origin.generation});
  return read_entries(select);
}

Result<std::vector<StoredEntry>> JournalStore::newest_messages(const JournalRow& journal,
                                                               const Span& span, std::size_t count,
                                                               Steps steps) {
  Statement select = database_.prepare(
      steps == Steps::kListed
          ? "SELECT place, leaf, kind, message_id, refusal, leaf_check FROM entry "
            "WHERE kind > 0 AND place >= ? AND place < ? ORDER BY place DESC LIMIT ?"
          : "SELECT place, leaf, kind, message_id, refusal, leaf_check FROM entry "
            "WHERE kind > 0 AND kind NOT IN (3, 4) AND place >= ? AND place < ? "
            "ORDER BY place DESC LIMIT ?");
  select.bind(place_of(journal, span.from))
      .bind(place_of(journal, std::min(span.end, journal.size())))
      .bind(std::uint64_t{count});
  return read_entries(select);
}

Result<std::uint64_t> JournalStore::count_messages(const JournalRow& journal, const Span& span,
                                                   std::uint64_t count_max, Steps steps) {
  Statement select = database_.prepare(
      steps == Steps::kListed
          ? "SELECT count(*) FROM (SELECT 1 FROM entry "
            "WHERE kind > 0 AND place >= ? AND place < ? LIMIT ?)"
          : "SELECT count(*) FROM (SELECT 1 FROM entry "
            "WHERE kind > 0 AND kind NOT IN (3, 4) AND place >= ? AND place < ? LIMIT ?)");
  select.bind(place_of(journal, span.from))
      .bind(place_of(journal, std::min(span.end, journal.size())))
      .bind(count_max);
  const auto row = select.step();
  if (!row) return row.error();
  return select.natural(0);
}

Result<std::optional<std::pair<std::int64_t, std::uint64_t>>> JournalStore::find_message(
    std::int64_t pairing, const MessageId& id) {
  Statement select =
      database_.prepare("SELECT place FROM entry WHERE pairing = ? AND message_id = ?");
  const auto row = select.bind(pairing).bind(ByteView(id)).step();
  if (!row) return row.error();
  if (!*row) return std::optional<std::pair<std::int64_t, std::uint64_t>>();
  return std::optional(split(select.integer(0)));
}

Result<void> JournalStore::put_head(JournalRow& journal, const StoredHead& head) {
  if (const auto done = forget_claims(journal, head); !done) return done;
  const Bytes frontier = head.frontier.encode();
  Statement insert = database_.prepare(
      "INSERT INTO head(journal, size, note, frontier, kept_at, receipt_time_s, "
      "receipt_signature) VALUES(?, ?, ?, ?, ?, ?, ?)");
  insert.bind(journal.id).bind(head.size).bind(std::string_view(head.note)).bind(frontier);
  insert.bind(std::int64_t{head.kept.time_since_epoch().count()});
  insert.bind(head.receipt_time_s);
  if (head.receipt_signature) {
    insert.bind(ByteView(*head.receipt_signature));
  } else {
    insert.bind_null();
  }
  if (const auto done = insert.run(); !done) return done;
  Statement forget = database_.prepare("DELETE FROM signed_head WHERE journal = ? AND size <= ?");
  return forget.bind(journal.id).bind(head.size).run();
}

Result<std::optional<StoredHead>> JournalStore::head_at_most(const JournalRow& journal,
                                                             std::uint64_t size) {
  Statement select = database_.prepare(
      "SELECT size, note, frontier, receipt_time_s, receipt_signature FROM head "
      "WHERE journal = ? AND size <= ? ORDER BY size DESC LIMIT 1");
  select.bind(journal.id).bind(size);
  return read_one_head(select);
}

Result<std::optional<StoredHead>> JournalStore::newest_head(const JournalRow& journal) {
  Statement select = database_.prepare(
      "SELECT size, note, frontier, receipt_time_s, receipt_signature FROM head WHERE journal = ? "
      "ORDER BY size DESC LIMIT 1");
  select.bind(journal.id);
  return read_one_head(select);
}

Result<std::uint64_t> JournalStore::head_by(const JournalRow& journal, WaitTime time) {
  Statement select = database_.prepare(
      "SELECT size FROM head WHERE journal = ? AND kept_at <= ? "
      "ORDER BY kept_at DESC, size DESC LIMIT 1");
  const auto row =
      select.bind(journal.id).bind(std::int64_t{time.time_since_epoch().count()}).step();
  if (!row) return row.error();
  return *row ? select.natural(0) : std::uint64_t{0};
}

Result<std::optional<StoredHead>> JournalStore::covering_head(const JournalRow& journal,
                                                              std::uint64_t index) {
  Statement select = database_.prepare(
      "SELECT size, note, frontier, receipt_time_s, receipt_signature FROM head WHERE journal = ? "
      "AND size > ? ORDER BY size LIMIT 1");
  select.bind(journal.id).bind(index);
  return read_one_head(select);
}

Result<std::vector<StoredHead>> JournalStore::heads(const JournalRow& journal, std::uint64_t above,
                                                    std::size_t count) {
  Statement select = database_.prepare(
      "SELECT size, note, frontier, receipt_time_s, receipt_signature FROM head "
      "WHERE journal = ? AND size > ? ORDER BY size LIMIT ?");
  select.bind(journal.id).bind(above).bind(std::min<std::uint64_t>(count, INT64_MAX));
  std::vector<StoredHead> heads;
  for (;;) {
    auto head = read_one_head(select);
    if (!head) return head.error();
    if (!*head) return heads;
    heads.push_back(std::move(**head));
  }
}

Result<std::optional<std::pair<std::int64_t, std::uint64_t>>> JournalStore::find_imported(
    ByteView key) {
  Statement select = database_.prepare("SELECT place FROM imported WHERE key = ?");
  const auto row = select.bind(key).step();
  if (!row) return row.error();
  if (!*row) return std::optional<std::pair<std::int64_t, std::uint64_t>>();
  return std::optional(split(select.integer(0)));
}

Result<Bytes> JournalStore::import_key(const JournalRow& journal, std::uint64_t index) {
  Statement select = database_.prepare("SELECT key FROM imported WHERE place = ?");
  const auto row = select.bind(place_of(journal, index)).step();
  if (!row) return row.error();
  return *row ? to_bytes(select.blob(0)) : Bytes();
}

Result<void> JournalStore::put_imported(ByteView key, const JournalRow& journal,
                                        std::uint64_t index) {
  Statement insert = database_.prepare("INSERT INTO imported(key, place) VALUES(?, ?)");
  return insert.bind(key).bind(place_of(journal, index)).run();
}

}  // namespace blo::store
