#include "store/signing_store.h"

namespace blo::store {

Result<void> SigningStore::note(const JournalRow& journal, std::uint64_t size, WallTime time) {
  Statement put = database_.prepare(
      "INSERT INTO signed_head(journal, size, first_ms) VALUES(?, ?, ?) "
      "ON CONFLICT DO UPDATE SET first_ms = min(first_ms, excluded.first_ms)");
  return put.bind(journal.id).bind(size).bind(time).run();
}

Result<std::optional<WallTime>> SigningStore::first(const JournalRow& journal, std::uint64_t size) {
  Statement select =
      database_.prepare("SELECT first_ms FROM signed_head WHERE journal = ? AND size = ?");
  const auto row = select.bind(journal.id).bind(size).step();
  if (!row) return row.error();
  return *row ? std::optional(from_unix_ms(select.natural(0))) : std::optional<WallTime>();
}

}  // namespace blo::store
