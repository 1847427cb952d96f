#include "store/pairing_store.h"

#include "seal/wrap.h"

namespace blo::store {
namespace {

Bytes bound_to(std::string_view use, const OfficeId& counterpart) {
  return to_bytes(std::string(use) + " " + counterpart.text());
}

}  // namespace

PairingStore::PairingStore(Database& database, const crypto::Key& store_key)
    : database_(database), store_key_(store_key) {}

Result<PairingRow> PairingStore::create(const OfficeId& counterpart, ByteView our_file,
                                        const crypto::DhKeyPair& one_time) {
  const Bytes wrapped =
      seal::wrap(store_key_, bound_to("one-time", counterpart), one_time.secret.view());
  Statement insert = database_.prepare(
      "INSERT INTO pairing(counterpart, state, our_file, wrapped_one_time) VALUES(?, ?, ?, ?)");
  insert.bind(std::string_view(counterpart.text()))
      .bind(static_cast<int>(PairingState::kInvited))
      .bind(our_file)
      .bind(wrapped);
  if (const auto done = insert.run(); !done) return done.error();
  return PairingRow{database_.last_row(), counterpart, PairingState::kInvited,
                    to_bytes(our_file),   {},          {}};
}

Result<std::vector<PairingRow>> PairingStore::all() {
  Statement select = database_.prepare(
      "SELECT id, counterpart, state, our_file, their_file, frozen_why FROM "
      "pairing "
      "ORDER BY id");
  std::vector<PairingRow> pairings;
  for (;;) {
    const auto row = select.step();
    if (!row) return row.error();
    if (!*row) return pairings;
    const auto counterpart = OfficeId::parse(select.text(1));
    if (!counterpart) return Error(StoreError::kCorrupt, "a pairing's counterpart");
    pairings.push_back({select.integer(0), *counterpart,
                        static_cast<PairingState>(select.integer(2)), to_bytes(select.blob(3)),
                        to_bytes(select.blob(4)), select.text(5)});
  }
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
      unwrap(pairing, "SELECT wrapped_one_time FROM pairing WHERE id = ?", "one-time");
  if (!secret) return secret.error();
  return crypto::DhKeyPair::from_secret(*secret);
}

Result<crypto::Key> PairingStore::secret(const PairingRow& pairing) {
  return unwrap(pairing, "SELECT wrapped_secret FROM pairing WHERE id = ?", "pairing-secret");
}

Result<void> PairingStore::accept(PairingRow& pairing, ByteView their_file,
                                  const crypto::Key& secret) {
  const Bytes wrapped =
      seal::wrap(store_key_, bound_to("pairing-secret", pairing.counterpart), secret.view());
  Statement update = database_.prepare(
      "UPDATE pairing SET state = ?, their_file = ?, wrapped_secret = ?, wrapped_one_time = NULL "
      "WHERE id = ?");
  update.bind(static_cast<int>(PairingState::kAccepted))
      .bind(their_file)
      .bind(wrapped)
      .bind(pairing.id);
  if (const auto done = update.run(); !done) return done.error();
  pairing.state = PairingState::kAccepted;
  pairing.their_file = to_bytes(their_file);
  return {};
}

Result<void> PairingStore::confirm(PairingRow& pairing, WallTime time) {
  Statement update =
      database_.prepare("UPDATE pairing SET state = ?, confirmed_ms = ? WHERE id = ?");
  update.bind(static_cast<int>(PairingState::kConfirmed)).bind(to_unix_ms(time)).bind(pairing.id);
  if (const auto done = update.run(); !done) return done.error();
  pairing.state = PairingState::kConfirmed;
  return {};
}

Result<void> PairingStore::freeze(PairingRow& pairing, const std::string& why,
                                  const std::string& evidence) {
  Statement update =
      database_.prepare("UPDATE pairing SET state = ?, frozen_why = ?, evidence = ? WHERE id = ?");
  update.bind(static_cast<int>(PairingState::kFrozen))
      .bind(std::string_view(why))
      .bind(std::string_view(evidence))
      .bind(pairing.id);
  if (const auto done = update.run(); !done) return done.error();
  pairing.state = PairingState::kFrozen;
  pairing.frozen_why = why;
  return {};
}

Result<void> PairingStore::remove(const PairingRow& pairing) {
  for (const char* sql :
       {"DELETE FROM journal WHERE pairing = ?", "DELETE FROM pairing WHERE id = ?"}) {
    Statement statement = database_.prepare(sql);
    if (const auto done = statement.bind(pairing.id).run(); !done) return done.error();
  }
  return {};
}

}  // namespace blo::store
