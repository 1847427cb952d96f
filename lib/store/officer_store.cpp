#include "store/officer_store.h"

#include "seal/wrap.h"

namespace blo::store {
namespace {

Bytes bound_to(std::uint64_t person) { return to_bytes("officer-name " + std::to_string(person)); }

}  // namespace

OfficerStore::OfficerStore(Database& database, const crypto::Key& store_key)
    : database_(database), store_key_(store_key) {}

Result<std::uint64_t> OfficerStore::next_person() {
  Statement select = database_.prepare("SELECT coalesce(max(person), 0) + 1 FROM officer");
  const auto row = select.step();
  if (!row) return row.error();
  return select.natural(0);
}

Result<void> OfficerStore::put(const OfficerRow& officer) {
  Bytes secret = to_bytes(ByteView(officer.name_salt));
  append(secret, officer.name.encode());
  const Bytes wrapped = seal::wrap(store_key_, bound_to(officer.person), secret);
  crypto::wipe(secret);
  Statement insert = database_.prepare(
      "INSERT INTO officer(person, fingerprint, certificate, wrapped_name) VALUES(?, ?, ?, ?)");
  return insert.bind(officer.person)
      .bind(ByteView(officer.certificate.fingerprint()))
      .bind(officer.certificate.bytes())
      .bind(wrapped)
      .run();
}

Result<std::vector<OfficerRow>> OfficerStore::all() {
  Statement select =
      database_.prepare("SELECT person, certificate, wrapped_name FROM officer ORDER BY id");
  std::vector<OfficerRow> officers;
  for (;;) {
    const auto row = select.step();
    if (!row) return row.error();
    if (!*row) return officers;
    const std::uint64_t person = select.natural(0);
    const auto certificate = identity::Certificate::parse(select.blob(1));
    if (!certificate) return Error(StoreError::kCorrupt, "officer " + std::to_string(person));
    if (select.is_null(2)) {
      officers.push_back({person, *certificate, {}, {}});
      continue;
    }
    auto secret = seal::unwrap(store_key_, bound_to(person), select.blob(2));
    if (!secret || secret->size() < 32) {
      return Error(StoreError::kCorrupt, "officer " + std::to_string(person));
    }
    const auto name = identity::OfficerName::parse(ByteView(*secret).subspan(32));
    if (!name) return Error(StoreError::kCorrupt, "name of officer " + std::to_string(person));
    OfficerRow officer{person, *certificate, *name, {}};
    std::copy_n(secret->begin(), officer.name_salt.size(), officer.name_salt.begin());
    crypto::wipe(*secret);
    officers.push_back(std::move(officer));
  }
}

Result<void> OfficerStore::erase_name(std::uint64_t person) {
  Statement update = database_.prepare("UPDATE officer SET wrapped_name = NULL WHERE person = ?");
  return update.bind(person).run();
}

Result<void> OfficerStore::erase_name(const identity::Fingerprint& certificate) {
  Statement update =
      database_.prepare("UPDATE officer SET wrapped_name = NULL WHERE fingerprint = ?");
  return update.bind(certificate).run();
}

Result<void> OfficerStore::put_revocation(const identity::Revocation& revocation) {
  Statement insert =
      database_.prepare("INSERT OR REPLACE INTO revocation(person, revocation) VALUES(?, ?)");
  return insert.bind(revocation.details().person).bind(revocation.bytes()).run();
}

Result<std::vector<identity::Revocation>> OfficerStore::revocations() {
  Statement select = database_.prepare("SELECT revocation FROM revocation ORDER BY person");
  std::vector<identity::Revocation> revocations;
  for (;;) {
    const auto row = select.step();
    if (!row) return row.error();
    if (!*row) return revocations;
    auto revocation = identity::Revocation::parse(select.blob(0));
    if (!revocation) return Error(StoreError::kCorrupt, "a revocation");
    revocations.push_back(std::move(*revocation));
  }
}

}  // namespace blo::store
