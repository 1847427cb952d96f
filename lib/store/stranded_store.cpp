#include "store/stranded_store.h"

#include "crypto/hash.h"
#include "seal/wrap.h"

namespace blo::store {
namespace {

/// Its row's number is not known before it is stored: the entry itself is what a key belongs to.
Bytes bound_to(const Bytes& leaf) {
  Bytes bytes = to_bytes(std::string_view("stranded"));
  append(bytes, crypto::sha256(leaf));
  return bytes;
}

}  // namespace

StrandedStore::StrandedStore(Database& database, const crypto::Key& store_key)
    : database_(database), store_key_(store_key) {}

Result<void> StrandedStore::put(std::int64_t pairing, const StrandedRow& stranded) {
  Statement insert = database_.prepare(
      "INSERT INTO stranded(pairing, leaf, import_key, sealed, wrapped_key) VALUES(?, ?, ?, ?, ?)");
  insert.bind(pairing).bind(stranded.leaf);
  if (stranded.import_key.empty()) {
    insert.bind_null();
  } else {
    insert.bind(stranded.import_key);
  }
  if (!stranded.body.content_key) return insert.bind_null().bind_null().run();
  const Bytes wrapped =
      seal::wrap(store_key_, bound_to(stranded.leaf), stranded.body.content_key->view());
  return insert.bind(stranded.body.sealed).bind(wrapped).run();
}

Result<std::vector<StrandedRow>> StrandedStore::of_pairing(std::int64_t pairing) {
  Statement select = database_.prepare(
      "SELECT id, leaf, import_key, sealed, wrapped_key FROM stranded WHERE pairing = ? "
      "ORDER BY id");
  select.bind(pairing);
  std::vector<StrandedRow> found;
  for (;;) {
    const auto row = select.step();
    if (!row) return row.error();
    if (!*row) return found;
    StrandedRow& stranded = found.emplace_back();
    stranded.id = select.integer(0);
    stranded.leaf = to_bytes(select.blob(1));
    if (!select.is_null(2)) stranded.import_key = to_bytes(select.blob(2));
    if (select.is_null(4)) continue;
    auto key = seal::unwrap(store_key_, bound_to(stranded.leaf), select.blob(4));
    if (!key || key->size() != 32)
      return Error(StoreError::kCorrupt, "content key of a stranded message");
    stranded.body = {to_bytes(select.blob(3)), crypto::Key(ByteView(*key))};
    crypto::wipe(*key);
  }
}

Result<std::uint64_t> StrandedStore::count(std::int64_t pairing) {
  Statement select = database_.prepare("SELECT count(*) FROM stranded WHERE pairing = ?");
  const auto row = select.bind(pairing).step();
  if (!row) return row.error();
  return select.natural(0);
}

Result<void> StrandedStore::remove(const StrandedRow& stranded) {
  Statement erase = database_.prepare("DELETE FROM stranded WHERE id = ?");
  return erase.bind(stranded.id).run();
}

}  // namespace blo::store
