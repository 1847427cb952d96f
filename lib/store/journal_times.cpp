// The times of a pair journal that bound what follows, and what a receipt makes of them.
#include "base/limits.h"
#include "journal/across/claims.h"
#include "store/journal_store.h"

namespace blo::store {

Result<void> JournalStore::note_sure_time(const JournalRow& journal, std::uint64_t index,
                                          WallTime time) {
  Statement insert = database_.prepare(
      "INSERT INTO sure_time(journal, ms, first, last) VALUES(?, ?, ?, ?) "
      "ON CONFLICT(journal, ms) DO UPDATE SET last = excluded.last");
  return insert.bind(journal.id).bind(time).bind(index).bind(index).run();
}

Result<WallTime> JournalStore::newest_sure_time(const JournalRow& journal) {
  Statement select = database_.prepare(
      "SELECT coalesce(max((SELECT max(ms) FROM sure_time WHERE sure_time.journal = journal.id)), "
      "0) "
      "FROM journal WHERE pairing = ? AND sent = ? AND id <= ?");
  select.bind(journal.pairing).bind(std::int64_t{journal.sent ? 1 : 0}).bind(journal.id);
  const auto row = select.step();
  if (!row) return row.error();
  return from_unix_ms(select.natural(0));
}

/// What stands beyond the head bears its time until it has a receipt of its own.
Result<void> JournalStore::forget_claims(JournalRow& journal, const StoredHead& head) {
  const WallTime received = from_unix_s(head.receipt_time_s);
  if (journal.pairing == 0 || !journal.sent ||
      !journal::is_claim(journal.last_stamp.time, received)) {
    return {};
  }
  Statement forget =
      database_.prepare("DELETE FROM sure_time WHERE journal = ? AND ms > ? AND last < ?");
  forget.bind(journal.id).bind(received + limits::kClockSkewMax).bind(head.size);
  if (const auto done = forget.run(); !done) return done;
  const auto newest = newest_sure_time(journal);
  if (!newest) return newest.error();
  journal.last_stamp.time = *newest;
  Statement update = database_.prepare("UPDATE journal SET stamp_ms = ? WHERE id = ?");
  return update.bind(*newest).bind(journal.id).run();
}

}  // namespace blo::store
