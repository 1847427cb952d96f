// Orders to destroy, given while a pairing waited for what this office had lost.
#ifndef BLO_STORE_ORDER_STORE_H
#define BLO_STORE_ORDER_STORE_H

#include "base/clock.h"
#include "store/database.h"

namespace blo::store {

/// What the rule lets go of at `ordered` is to be destroyed.
struct OrderRow {
  std::int64_t pairing;
  std::uint32_t kind;
  milliseconds kept;
  std::string basis;
  WallTime ordered;
  std::uint64_t person;  // 0: the Unix user alone
};

/// Every call that writes belongs inside a Transaction.
class OrderStore {
 public:
  explicit OrderStore(Database& database) : database_(database) {}
  /// In place of an earlier one under the same rule, which it contains.
  [[nodiscard]] Result<void> put(const OrderRow& order);
  [[nodiscard]] Result<std::vector<OrderRow>> of_pairing(std::int64_t pairing);
  [[nodiscard]] Result<void> remove(const OrderRow& order);

 private:
  Database& database_;
};

}  // namespace blo::store

#endif
