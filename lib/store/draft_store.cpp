#include "store/draft_store.h"

#include "seal/wrap.h"

namespace blo::store {
namespace {

/// What a wrapped key or reason is bound to: its use and its message.
Bytes bound_to(std::string_view use, const DraftRow& draft) {
  Bytes bytes = to_bytes(use);
  bytes.push_back(0);
  append(bytes, draft.message_id);
  return bytes;
}

constexpr const char* kOneDraft =
    "SELECT id, pairing, drafted_ms, person, message_id, envelope, signature, import_key, "
    "rejected_ms, rejected_person, wrapped_reason, turn, releaser, release FROM draft WHERE id = ?";
constexpr const char* kDraftOfMessage =
    "SELECT id, pairing, drafted_ms, person, message_id, envelope, signature, import_key, "
    "rejected_ms, rejected_person, wrapped_reason, turn, releaser, release FROM draft WHERE "
    "message_id = ?";
constexpr const char* kDraftOfImport =
    "SELECT id, pairing, drafted_ms, person, message_id, envelope, signature, import_key, "
    "rejected_ms, rejected_person, wrapped_reason, turn, releaser, release FROM draft WHERE "
    "import_key = ?";
constexpr const char* kDraftsOfGeneration =
    "SELECT id, pairing, drafted_ms, person, message_id, envelope, signature, import_key, "
    "rejected_ms, rejected_person, wrapped_reason, turn, releaser, release FROM draft "
    "WHERE pairing = ? AND turn IS NOT NULL AND rejected_ms IS NULL ORDER BY turn";
constexpr const char* kSomeDrafts =
    "SELECT id, pairing, drafted_ms, person, message_id, envelope, signature, import_key, "
    "rejected_ms, rejected_person, wrapped_reason, turn, releaser, release FROM draft "
    "WHERE id > ? AND (rejected_ms IS NULL OR rejected_ms >= ?) ORDER BY id LIMIT ?";

Result<DraftRow> read_draft(const Statement& row, const crypto::Key& store_key) {
  DraftRow draft;
  draft.id = row.integer(0);
  const Error corrupt(StoreError::kCorrupt, "draft " + std::to_string(draft.id));
  draft.pairing = row.integer(1);
  draft.drafted = from_unix_ms(row.natural(2));
  draft.person = row.natural(3);
  if (!copy_exact(row.blob(4), draft.message_id)) return corrupt;
  draft.envelope = to_bytes(row.blob(5));
  if (!copy_exact(row.blob(6), draft.signature)) return corrupt;
  if (!row.is_null(7)) draft.import_key = to_bytes(row.blob(7));
  if (!row.is_null(11)) draft.turn = row.natural(11);
  if (!row.is_null(12)) {
    auto& release = draft.release.emplace();
    if (!copy_exact(row.blob(12), release.releaser) ||
        !copy_exact(row.blob(13), release.signature)) {
      return corrupt;
    }
  }
  if (row.is_null(8)) return draft;
  auto reason = seal::unwrap(store_key, bound_to("draft-reason", draft), row.blob(10));
  if (!reason) return corrupt;
  draft.rejected =
      Rejection{from_unix_ms(row.natural(8)), row.natural(9), std::string(as_text(*reason))};
  return draft;
}

Result<std::optional<DraftRow>> read_one(Statement& select, const crypto::Key& store_key) {
  const auto row = select.step();
  if (!row) return row.error();
  if (!*row) return std::optional<DraftRow>();
  auto draft = read_draft(select, store_key);
  if (!draft) return draft.error();
  return std::optional(std::move(*draft));
}

}  // namespace

DraftStore::DraftStore(Database& database, const crypto::Key& store_key)
    : database_(database), store_key_(store_key) {}

Result<std::uint64_t> DraftStore::next_turn(std::int64_t pairing) {
  Statement select = database_.prepare(
      "SELECT coalesce(max(turn), 0) + 1 FROM draft WHERE pairing = ? AND turn IS NOT NULL");
  const auto row = select.bind(pairing).step();
  if (!row) return row.error();
  return select.natural(0);
}

Result<void> DraftStore::put(DraftRow& draft, ByteView sealed, const crypto::Key& content_key) {
  if (draft.turn) {
    const auto turn = next_turn(draft.pairing);
    if (!turn) return turn.error();
    draft.turn = *turn;
  }
  const Bytes wrapped = seal::wrap(store_key_, bound_to("draft-key", draft), content_key.view());
  Statement insert = database_.prepare(
      "INSERT INTO draft(pairing, drafted_ms, person, message_id, envelope, signature, import_key, "
      "sealed, wrapped_key, turn) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(draft.pairing)
      .bind(draft.drafted)
      .bind(draft.person)
      .bind(ByteView(draft.message_id))
      .bind(draft.envelope)
      .bind(ByteView(draft.signature));
  if (draft.import_key.empty()) {
    insert.bind_null();
  } else {
    insert.bind(draft.import_key);
  }
  insert.bind(sealed).bind(wrapped);
  if (draft.turn) {
    insert.bind(*draft.turn);
  } else {
    insert.bind_null();
  }
  if (const auto done = insert.run(); !done) return done;
  draft.id = database_.last_row();
  return {};
}

Result<std::optional<DraftRow>> DraftStore::find(std::int64_t id) {
  Statement select = database_.prepare(kOneDraft);
  return read_one(select.bind(id), store_key_);
}

Result<std::optional<DraftRow>> DraftStore::find_message(const MessageId& id) {
  Statement select = database_.prepare(kDraftOfMessage);
  return read_one(select.bind(ByteView(id)), store_key_);
}

Result<std::optional<DraftRow>> DraftStore::find_imported(ByteView key) {
  Statement select = database_.prepare(kDraftOfImport);
  return read_one(select.bind(key), store_key_);
}

Result<std::vector<DraftRow>> DraftStore::read_all(Statement& select) {
  std::vector<DraftRow> drafts;
  for (;;) {
    auto draft = read_one(select, store_key_);
    if (!draft) return draft.error();
    if (!*draft) return drafts;
    drafts.push_back(std::move(**draft));
  }
}

Result<std::vector<DraftRow>> DraftStore::list(WallTime rejected_from,
                                               const Page<std::int64_t>& page) {
  Statement select = database_.prepare(kSomeDrafts);
  select.bind(page.after().value_or(0)).bind(rejected_from).bind(page.rows_sought());
  return read_all(select);
}

Result<std::uint64_t> DraftStore::waiting() {
  Statement select = database_.prepare("SELECT count(*) FROM draft WHERE rejected_ms IS NULL");
  const auto row = select.step();
  if (!row) return row.error();
  return select.natural(0);
}

Result<std::uint64_t> DraftStore::waiting_for_release() {
  Statement select =
      database_.prepare("SELECT count(*) FROM draft WHERE turn IS NULL AND rejected_ms IS NULL");
  const auto row = select.step();
  if (!row) return row.error();
  return select.natural(0);
}

Result<std::uint64_t> DraftStore::waiting_for_generation(std::int64_t pairing) {
  Statement select = database_.prepare(
      "SELECT count(*) FROM draft WHERE pairing = ? AND turn IS NOT NULL AND rejected_ms IS NULL");
  const auto row = select.bind(pairing).step();
  if (!row) return row.error();
  return select.natural(0);
}

Result<std::vector<DraftRow>> DraftStore::of_next_generation(std::int64_t pairing) {
  Statement select = database_.prepare(kDraftsOfGeneration);
  return read_all(select.bind(pairing));
}

Result<void> DraftStore::await_generation(const DraftRow& draft, const DraftRelease& release) {
  const auto turn = next_turn(draft.pairing);
  if (!turn) return turn.error();
  Statement update =
      database_.prepare("UPDATE draft SET turn = ?, releaser = ?, release = ? WHERE id = ?");
  return update.bind(*turn)
      .bind(ByteView(release.releaser))
      .bind(ByteView(release.signature))
      .bind(draft.id)
      .run();
}

Result<void> DraftStore::await_release(const DraftRow& draft) {
  Statement update = database_.prepare(
      "UPDATE draft SET turn = NULL, releaser = NULL, release = NULL WHERE id = ?");
  return update.bind(draft.id).run();
}

Result<StoredBody> DraftStore::body(const DraftRow& draft) {
  Statement select = database_.prepare("SELECT sealed, wrapped_key FROM draft WHERE id = ?");
  const auto row = select.bind(draft.id).step();
  if (!row) return row.error();
  if (!*row || select.blob(1).empty()) return StoredBody();
  auto key = seal::unwrap(store_key_, bound_to("draft-key", draft), select.blob(1));
  if (!key || key->size() != 32) {
    return Error(StoreError::kCorrupt, "content key of draft " + std::to_string(draft.id));
  }
  StoredBody body{to_bytes(select.blob(0)), crypto::Key(ByteView(*key))};
  crypto::wipe(*key);
  return body;
}

Result<void> DraftStore::remove(const DraftRow& draft) {
  Statement statement = database_.prepare("DELETE FROM draft WHERE id = ?");
  return statement.bind(draft.id).run();
}

Result<void> DraftStore::reject(const DraftRow& draft, const Rejection& rejection) {
  const Bytes wrapped =
      seal::wrap(store_key_, bound_to("draft-reason", draft), as_bytes(rejection.reason));
  Statement update = database_.prepare(
      "UPDATE draft SET sealed = x'', wrapped_key = x'', rejected_ms = ?, rejected_person = ?, "
      "wrapped_reason = ? WHERE id = ?");
  return update.bind(rejection.time).bind(rejection.person).bind(wrapped).bind(draft.id).run();
}

Result<void> DraftStore::leave_out(const DraftRow& draft, const Rejection& rejection) {
  const Bytes wrapped =
      seal::wrap(store_key_, bound_to("draft-reason", draft), as_bytes(rejection.reason));
  Statement update = database_.prepare(
      "UPDATE draft SET rejected_ms = ?, rejected_person = ?, wrapped_reason = ? WHERE id = ?");
  return update.bind(rejection.time).bind(rejection.person).bind(wrapped).bind(draft.id).run();
}

Result<bool> DraftStore::any_rejected_before(WallTime time) {
  Statement select = database_.prepare("SELECT 1 FROM draft WHERE rejected_ms < ? LIMIT 1");
  return select.bind(time).step();
}

Result<void> DraftStore::remove_rejected_before(WallTime time) {
  Statement statement = database_.prepare("DELETE FROM draft WHERE rejected_ms < ?");
  return statement.bind(time).run();
}

}  // namespace blo::store
