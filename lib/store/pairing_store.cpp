#include "store/pairing_store.h"

#include "seal/wrap.h"
#include "store/pairing_uses.h"

namespace blo::store {
namespace {

PairingRow fresh_row(std::int64_t id, const OfficeId& counterpart, Bytes our_file) {
  return {id,
          counterpart,
          PairingState::kInvited,
          std::move(our_file),
          {},
          {},
          {},
          {},
          0,
          {},
          1,
          {},
          Recovery::kNone,
          {},
          {},
          false,
          {}};
}

}  // namespace

PairingStore::PairingStore(Database& database, const crypto::Key& store_key)
    : database_(database), store_key_(store_key) {}

Result<PairingRow> PairingStore::create(const OfficeId& counterpart, ByteView our_file,
                                        const crypto::DhKeyPair& one_time) {
  const Bytes wrapped =
      seal::wrap(store_key_, bound_to(kOneTimeUse, counterpart), one_time.secret.view());
  Statement insert = database_.prepare(
      "INSERT INTO pairing(counterpart, state, our_file, wrapped_one_time) VALUES(?, ?, ?, ?)");
  insert.bind(std::string_view(counterpart.text()))
      .bind(static_cast<int>(PairingState::kInvited))
      .bind(our_file)
      .bind(wrapped);
  if (const auto done = insert.run(); !done) return done.error();
  return fresh_row(database_.last_row(), counterpart, to_bytes(our_file));
}

Result<std::vector<PairingRow>> PairingStore::all() {
  Statement select = database_.prepare(
      "SELECT id, counterpart, state, our_file, their_file, frozen_why, wrapped_why, confirmed_ms, "
      "confirmed_person, wrapped_how, secret_number, secret_ms, recovery, again_our_file, "
      "again_their_file, untried, beside_ms FROM pairing ORDER BY id");
  const auto text_at = [&](int column, std::string_view use,
                           const PairingRow& row) -> Result<std::string> {
    if (select.is_null(column)) return std::string();
    const auto text = seal::unwrap(store_key_, bound_to(use, row.counterpart), select.blob(column));
    if (!text) return Error(StoreError::kForeign, std::string(use));
    return to_string(ByteView(*text));
  };
  std::vector<PairingRow> pairings;
  for (;;) {
    const auto found = select.step();
    if (!found) return found.error();
    if (!*found) return pairings;
    const auto counterpart = OfficeId::parse(select.text(1));
    if (!counterpart) return Error(StoreError::kCorrupt, "a pairing's counterpart");
    PairingRow row = fresh_row(select.integer(0), *counterpart, to_bytes(select.blob(3)));
    row.state = static_cast<PairingState>(select.integer(2));
    row.their_file = to_bytes(select.blob(4));
    row.frozen_why = select.text(5);
    auto why = text_at(6, kWhyUse, row);
    if (!why) return why.error();
    row.why = std::move(*why);
    if (!select.is_null(7)) row.confirmed = from_unix_ms(select.natural(7));
    row.confirmed_person = select.natural(8);
    auto how = text_at(9, kHowUse, row);
    if (!how) return how.error();
    row.confirmed_how = std::move(*how);
    row.secret_number = select.natural(10);
    row.secret_since = from_unix_ms(select.natural(11));
    row.recovery = static_cast<Recovery>(select.integer(12));
    row.again_our_file = to_bytes(select.blob(13));
    row.again_their_file = to_bytes(select.blob(14));
    row.untried = select.integer(15) != 0;
    if (!select.is_null(16)) row.beside = from_unix_ms(select.natural(16));
    pairings.push_back(std::move(row));
  }
}

Result<void> PairingStore::set_beside(PairingRow& pairing, WallTime until) {
  Statement update = database_.prepare("UPDATE pairing SET beside_ms = ? WHERE id = ?");
  if (const auto done = update.bind(until).bind(pairing.id).run(); !done) return done;
  pairing.beside = until;
  return {};
}

Result<crypto::Key> PairingStore::unwrap(const PairingRow& pairing, const char* sql,
                                         std::string_view use) {
  Statement select = database_.prepare(sql);
  const auto row = select.bind(pairing.id).step();
  if (!row) return row.error();
  if (!*row || select.is_null(0)) return Error(StoreError::kNotFound, std::string(use));
  auto secret = seal::unwrap(store_key_, bound_to(use, pairing.counterpart), select.blob(0));
  if (!secret || secret->size() != 32) return Error(StoreError::kForeign, std::string(use));
  crypto::Key key{ByteView(*secret)};
  crypto::wipe(*secret);
  return key;
}

Result<crypto::DhKeyPair> PairingStore::one_time_key(const PairingRow& pairing) {
  const auto secret =
      unwrap(pairing, "SELECT wrapped_one_time FROM pairing WHERE id = ?", kOneTimeUse);
  if (!secret) return secret.error();
  return crypto::DhKeyPair::from_secret(*secret);
}

Result<crypto::Key> PairingStore::secret(const PairingRow& pairing) {
  return unwrap(pairing, "SELECT wrapped_secret FROM pairing WHERE id = ?", kSecretUse);
}

Result<std::optional<crypto::Key>> PairingStore::unwrap_if_there(const PairingRow& pairing,
                                                                 const char* sql,
                                                                 std::string_view use) {
  auto key = unwrap(pairing, sql, use);
  if (key) return std::optional(std::move(*key));
  if (key.error() == StoreError::kNotFound) return std::optional<crypto::Key>();
  return key.error();
}

Result<std::optional<crypto::Key>> PairingStore::next_secret(const PairingRow& pairing) {
  return unwrap_if_there(pairing, "SELECT wrapped_next FROM pairing WHERE id = ?", kNextUse);
}

Result<void> PairingStore::put_next_secret(const PairingRow& pairing, const crypto::Key& next) {
  const Bytes wrapped =
      seal::wrap(store_key_, bound_to(kNextUse, pairing.counterpart), next.view());
  Statement update = database_.prepare("UPDATE pairing SET wrapped_next = ? WHERE id = ?");
  return update.bind(wrapped).bind(pairing.id).run();
}

Result<void> PairingStore::promote_secret(PairingRow& pairing, const crypto::Key& next,
                                          WallTime time) {
  const Bytes wrapped =
      seal::wrap(store_key_, bound_to(kSecretUse, pairing.counterpart), next.view());
  Statement update = database_.prepare(
      "UPDATE pairing SET wrapped_secret = ?, wrapped_next = NULL, secret_number = ?, "
      "secret_ms = ? WHERE id = ?");
  update.bind(wrapped).bind(pairing.secret_number + 1).bind(time).bind(pairing.id);
  if (const auto done = update.run(); !done) return done.error();
  ++pairing.secret_number;
  pairing.secret_since = time;
  return {};
}

Result<void> PairingStore::drop_next_secret(const PairingRow& pairing) {
  Statement update = database_.prepare("UPDATE pairing SET wrapped_next = NULL WHERE id = ?");
  return update.bind(pairing.id).run();
}

Result<void> PairingStore::outdate_secret(PairingRow& pairing) {
  Statement update = database_.prepare("UPDATE pairing SET secret_ms = 0 WHERE id = ?");
  if (const auto done = update.bind(pairing.id).run(); !done) return done.error();
  pairing.secret_since = {};
  return {};
}

Result<void> PairingStore::accept(PairingRow& pairing, ByteView their_file,
                                  const crypto::Key& secret, WallTime time) {
  const Bytes wrapped =
      seal::wrap(store_key_, bound_to(kSecretUse, pairing.counterpart), secret.view());
  Statement update = database_.prepare(
      "UPDATE pairing SET state = ?, their_file = ?, wrapped_secret = ?, secret_ms = ?, "
      "wrapped_one_time = NULL WHERE id = ?");
  update.bind(static_cast<int>(PairingState::kAccepted))
      .bind(their_file)
      .bind(wrapped)
      .bind(time)
      .bind(pairing.id);
  if (const auto done = update.run(); !done) return done.error();
  pairing.state = PairingState::kAccepted;
  pairing.their_file = to_bytes(their_file);
  pairing.secret_since = time;
  return {};
}

Bytes PairingStore::wrap_text(const PairingRow& pairing, std::string_view use,
                              const std::string& text) const {
  return seal::wrap(store_key_, bound_to(use, pairing.counterpart), as_bytes(text));
}

Result<void> PairingStore::note_confirmation(PairingRow& pairing, WallTime time,
                                             std::uint64_t person, const std::string& how) {
  const Bytes wrapped = wrap_text(pairing, kHowUse, how);
  Statement update = database_.prepare(
      "UPDATE pairing SET confirmed_ms = ?, confirmed_person = ?, wrapped_how = ? WHERE id = ?");
  update.bind(time).bind(person).bind(wrapped).bind(pairing.id);
  if (const auto done = update.run(); !done) return done.error();
  pairing.confirmed = time;
  pairing.confirmed_person = person;
  pairing.confirmed_how = how;
  return {};
}

Result<void> PairingStore::confirm(PairingRow& pairing, WallTime time, std::uint64_t person,
                                   const std::string& how) {
  if (const auto noted = note_confirmation(pairing, time, person, how); !noted) return noted;
  Statement update =
      database_.prepare("UPDATE pairing SET state = ?, wrapped_why = NULL WHERE id = ?");
  update.bind(static_cast<int>(PairingState::kConfirmed)).bind(pairing.id);
  if (const auto done = update.run(); !done) return done.error();
  pairing.state = PairingState::kConfirmed;
  pairing.why.clear();
  return {};
}

Result<void> PairingStore::close_by_hand(PairingRow& pairing, PairingState state,
                                         const std::string& reason, const char* sql) {
  const Bytes wrapped = wrap_text(pairing, kWhyUse, reason);
  Statement update = database_.prepare(sql);
  update.bind(static_cast<int>(state)).bind(wrapped).bind(pairing.id);
  if (const auto done = update.run(); !done) return done.error();
  pairing.state = state;
  pairing.why = reason;
  return {};
}

Result<void> PairingStore::freeze_by_hand(PairingRow& pairing, const std::string& reason) {
  return close_by_hand(pairing, PairingState::kFrozen, reason,
                       "UPDATE pairing SET state = ?, wrapped_why = ? WHERE id = ?");
}

Result<void> PairingStore::end(PairingRow& pairing, const std::string& reason) {
  const auto closed = close_by_hand(
      pairing, PairingState::kEnded, reason,
      "UPDATE pairing SET state = ?, wrapped_why = ?, wrapped_secret = NULL, wrapped_next = NULL, "
      "wrapped_again_one_time = NULL, wrapped_again_secret = NULL, again_our_file = NULL, "
      "again_their_file = NULL WHERE id = ?");
  if (!closed) return closed;
  Statement stranded = database_.prepare("DELETE FROM stranded WHERE pairing = ?");
  if (const auto done = stranded.bind(pairing.id).run(); !done) return done.error();
  pairing.again_our_file.clear();
  pairing.again_their_file.clear();
  return {};
}

Result<void> PairingStore::freeze(PairingRow& pairing, const std::string& why,
                                  const std::string& evidence, Recovery recovery) {
  Statement update = database_.prepare(
      "UPDATE pairing SET state = ?, frozen_why = ?, evidence = ?, recovery = ? WHERE id = ?");
  update.bind(static_cast<int>(PairingState::kFrozen))
      .bind(std::string_view(why))
      .bind(std::string_view(evidence))
      .bind(static_cast<int>(recovery))
      .bind(pairing.id);
  if (const auto done = update.run(); !done) return done.error();
  pairing.state = PairingState::kFrozen;
  pairing.frozen_why = why;
  pairing.recovery = recovery;
  return {};
}

Result<void> PairingStore::set_recovery(PairingRow& pairing, Recovery recovery) {
  const bool goes_on = recovery == Recovery::kNone;
  Statement update = database_.prepare(
      goes_on ? "UPDATE pairing SET recovery = ?, state = ?, frozen_why = NULL, evidence = NULL "
                "WHERE id = ?"
              : "UPDATE pairing SET recovery = ?, state = ? WHERE id = ?");
  const auto state = goes_on ? PairingState::kConfirmed : pairing.state;
  update.bind(static_cast<int>(recovery)).bind(static_cast<int>(state)).bind(pairing.id);
  if (const auto done = update.run(); !done) return done.error();
  pairing.recovery = recovery;
  pairing.state = state;
  if (goes_on) pairing.frozen_why.clear();
  return {};
}

Result<void> PairingStore::remove(const PairingRow& pairing) {
  for (const char* sql :
       {"DELETE FROM journal WHERE pairing = ?", "DELETE FROM address_list WHERE pairing = ?",
        "DELETE FROM pairing WHERE id = ?"}) {
    Statement statement = database_.prepare(sql);
    if (const auto done = statement.bind(pairing.id).run(); !done) return done.error();
  }
  return {};
}

}  // namespace blo::store
