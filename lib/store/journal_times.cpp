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

Result<Span> JournalStore::span_between(const JournalRow& journal,
                                        const std::optional<WallTime>& since,
                                        const std::optional<WallTime>& before) {
  Span span{0, journal.size()};
  if (since) {
    Statement select = database_.prepare(
        "SELECT last FROM sure_time WHERE journal = ? AND ms < ? ORDER BY ms DESC LIMIT 1");
    const auto row = select.bind(journal.id).bind(*since).step();
    if (!row) return row.error();
    if (*row) span.from = select.natural(0) + 1;
  }
  if (before) {
    Statement select = database_.prepare(
        "SELECT first FROM sure_time WHERE journal = ? AND ms >= ? ORDER BY ms LIMIT 1");
    const auto row = select.bind(journal.id).bind(*before).step();
    if (!row) return row.error();
    if (*row) span.end = select.natural(0);
  }
  return span;
}

Result<std::optional<WallTime>> JournalStore::authorising_time(const JournalRow& journal,
                                                               WallTime time) {
  for (const bool bounded : {true, false}) {
    Statement select = database_.prepare(
        bounded ? "SELECT ms FROM sure_time WHERE journal = ? AND ms <= ? ORDER BY ms DESC LIMIT 1"
                : "SELECT ms FROM sure_time WHERE journal = ? ORDER BY ms DESC LIMIT 1");
    select.bind(journal.id);
    if (bounded) select.bind(time);
    const auto row = select.step();
    if (!row) return row.error();
    if (*row) return std::optional(from_unix_ms(select.natural(0)));
  }
  return std::optional<WallTime>();
}

Result<std::optional<std::uint64_t>> JournalStore::authorising_entry(const JournalRow& journal,
                                                                     std::uint64_t index,
                                                                     WallTime time) {
  for (const bool bounded : {true, false}) {
    Statement select = database_.prepare(
        bounded ? "SELECT first FROM sure_time WHERE journal = ? AND first < ? AND ms <= ? "
                  "ORDER BY ms DESC LIMIT 1"
                : "SELECT first FROM sure_time WHERE journal = ? AND first < ? "
                  "ORDER BY ms DESC LIMIT 1");
    select.bind(journal.id).bind(index);
    if (bounded) select.bind(time);
    const auto row = select.step();
    if (!row) return row.error();
    if (*row) return std::optional(select.natural(0));
  }
  return std::optional<std::uint64_t>();
}

Result<bool> JournalStore::newest_time_is_receipted(const JournalRow& journal) {
  Statement select = database_.prepare(
      "SELECT last < coalesce((SELECT max(size) FROM head WHERE head.journal = sure_time.journal), "
      "0) FROM sure_time WHERE journal = ? ORDER BY ms DESC LIMIT 1");
  select.bind(journal.id);
  const auto row = select.step();
  if (!row) return row.error();
  return !*row || select.integer(0) != 0;  // else it is of a generation that is over
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
