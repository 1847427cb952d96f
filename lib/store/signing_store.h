// When this office first signed each checkpoint that has no receipt yet.
#ifndef BLO_STORE_SIGNING_STORE_H
#define BLO_STORE_SIGNING_STORE_H

#include <optional>

#include "store/journal_store.h"

namespace blo::store {

/// What is under a receipt is not looked up any more: JournalStore forgets it with the receipt.
/// Every call that writes belongs inside a Transaction.
class SigningStore {
 public:
  explicit SigningStore(Database& database) : database_(database) {}

  /// A checkpoint of `size` is about to be signed. The earliest time counts.
  [[nodiscard]] Result<void> note(const JournalRow& journal, std::uint64_t size, WallTime time);
  /// None: this store does not know.
  [[nodiscard]] Result<std::optional<WallTime>> first(const JournalRow& journal,
                                                      std::uint64_t size);

 private:
  Database& database_;
};

}  // namespace blo::store

#endif
