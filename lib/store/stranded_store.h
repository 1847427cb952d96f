// What this store had accepted by itself when its counterpart turned out to hold another
// continuation of the journal: it never left, and waits for the next generation.
#ifndef BLO_STORE_STRANDED_STORE_H
#define BLO_STORE_STRANDED_STORE_H

#include "store/journal_store.h"

namespace blo::store {

struct StrandedRow {
  std::int64_t id = 0;  // given by put(); in the order in which they were accepted
  Bytes leaf;           // the entry as it stood in the journal
  Bytes import_key;     // of the source row it was made of, already keyed; or empty
  StoredBody body;
};

/// Every call that writes belongs inside a Transaction.
class StrandedStore {
 public:
  StrandedStore(Database& database, const crypto::Key& store_key);
  [[nodiscard]] Result<void> put(std::int64_t pairing, const StrandedRow& stranded);
  /// Oldest first.
  [[nodiscard]] Result<std::vector<StrandedRow>> of_pairing(std::int64_t pairing);
  [[nodiscard]] Result<std::uint64_t> count(std::int64_t pairing);
  [[nodiscard]] Result<void> remove(const StrandedRow& stranded);

 private:
  Database& database_;
  const crypto::Key& store_key_;
};

}  // namespace blo::store

#endif
