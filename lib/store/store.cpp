#include "store/store.h"

#include "crypto/hash.h"
#include "seal/wrap.h"
#include "store/schema.h"

namespace blo::store {

Store::Store(std::unique_ptr<Database> database, const crypto::Key& store_key)
    : database_(std::move(database)),
      store_key_(store_key.clone()),
      journals_(*database_, store_key_),
      pairings_(*database_, store_key_),
      officers_(*database_, store_key_) {}

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& path,
                                           const OfficeId& office, Network network,
                                           const crypto::Key& store_key) {
  auto database = Database::open(path);
  if (!database) return database.error();
  if (const auto done = migrate(**database); !done) return done.error().within(path.string());
  std::unique_ptr<Store> store(new Store(std::move(*database), store_key));
  if (const auto done = store->check_owner(office, network); !done) {
    return done.error().within(path.string());
  }
  return store;
}

Result<void> Store::check_owner(const OfficeId& office, Network network) {
  const std::string owner = std::string(to_string(network)) + "/" + office.text();
  {
    Statement select = database_->prepare("SELECT value FROM meta WHERE name = 'owner'");
    const auto row = select.step();
    if (!row) return row.error();
    if (*row) {
      const auto opened = seal::unwrap(store_key_, as_bytes("owner"), select.blob(0));
      if (!opened || as_text(*opened) != owner) return StoreError::kForeign;
      return {};
    }
  }
  const Bytes wrapped = seal::wrap(store_key_, as_bytes("owner"), as_bytes(owner));
  Statement insert = database_->prepare("INSERT INTO meta(name, value) VALUES('owner', ?)");
  return insert.bind(wrapped).run();
}

crypto::Key Store::derived_key(std::string_view use) const {
  return crypto::hkdf_sha256(store_key_.view(), {},
                             as_bytes(std::string("blo/store/") + std::string(use)));
}

}  // namespace blo::store
