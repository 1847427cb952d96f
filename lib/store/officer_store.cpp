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
      database_.prepare("SELECT person, certificate, wrapped_name FROM officer ORDER BY person");
  std::vector<OfficerRow> officers;
  for (;;) {
    const auto row = select.step();
    if (!row) return row.error();
    if (!*row) return officers;
    const std::uint64_t person = select.natural(0);
    const auto certificate = identity::Certificate::parse(select.blob(1));
    auto secret = seal::unwrap(store_key_, bound_to(person), select.blob(2));
    if (!certificate || !secret || secret->size() < 32) {
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

}  // namespace blo::store
