#include "store/order_store.h"

namespace blo::store {

Result<void> OrderStore::put(const OrderRow& order) {
  Statement insert = database_.prepare(
      "INSERT OR REPLACE INTO ordered(pairing, kind, kept_ms, basis, ordered_ms, person) "
      "VALUES(?, ?, ?, ?, ?, ?)");
  return insert.bind(order.pairing)
      .bind(static_cast<std::uint64_t>(order.kind))
      .bind(static_cast<std::uint64_t>(order.kept.count()))
      .bind(std::string_view(order.basis))
      .bind(order.ordered)
      .bind(order.person)
      .run();
}

Result<std::vector<OrderRow>> OrderStore::of_pairing(std::int64_t pairing) {
  Statement select = database_.prepare(
      "SELECT pairing, kind, kept_ms, basis, ordered_ms, person FROM ordered WHERE pairing = ? "
      "ORDER BY ordered_ms, kind, kept_ms, basis");
  select.bind(pairing);
  std::vector<OrderRow> orders;
  for (;;) {
    const auto row = select.step();
    if (!row) return row.error();
    if (!*row) return orders;
    orders.push_back({select.integer(0), static_cast<std::uint32_t>(select.natural(1)),
                      milliseconds(select.integer(2)), std::string(select.text(3)),
                      from_unix_ms(select.natural(4)), select.natural(5)});
  }
}

Result<void> OrderStore::remove(const OrderRow& order) {
  Statement erase = database_.prepare(
      "DELETE FROM ordered WHERE pairing = ? AND kind = ? AND kept_ms = ? AND basis = ?");
  return erase.bind(order.pairing)
      .bind(static_cast<std::uint64_t>(order.kind))
      .bind(static_cast<std::uint64_t>(order.kept.count()))
      .bind(std::string_view(order.basis))
      .run();
}

}  // namespace blo::store
