#include "store/clock_store.h"

#include "store/place.h"

namespace blo::store {
namespace {

WallTime time_at(const Statement& row, int column) {
  return WallTime(milliseconds(row.integer(column)));
}

std::optional<WallTime> maybe_time_at(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(time_at(row, column));
}

void bind_maybe(Statement& statement, const std::optional<WallTime>& time) {
  if (time) {
    statement.bind(*time);
  } else {
    statement.bind_null();
  }
}

}  // namespace

Result<std::optional<ClockRow>> ClockStore::load() {
  Statement select = database_.prepare(
      "SELECT known_ms, sure_until_ms, vouched_ms, waits_ms FROM clock WHERE id = 1");
  const auto row = select.step();
  if (!row) return row.error();
  if (!*row) return std::optional<ClockRow>();
  return std::optional(ClockRow{time_at(select, 0), time_at(select, 1), maybe_time_at(select, 2),
                                maybe_time_at(select, 3)});
}

Result<void> ClockStore::save(const ClockRow& row) {
  Statement put = database_.prepare(
      "INSERT OR REPLACE INTO clock(id, known_ms, sure_until_ms, vouched_ms, waits_ms) "
      "VALUES(1, ?, ?, ?, ?)");
  put.bind(row.known).bind(row.sure_until);
  bind_maybe(put, row.vouched);
  bind_maybe(put, row.waits);
  return put.run();
}

Result<void> ClockStore::put_ahead(const JournalRow& journal, std::uint64_t index, WallTime stamp) {
  Statement put =
      database_.prepare("INSERT OR REPLACE INTO erasure_ahead(record, stamp_ms) VALUES(?, ?)");
  return put.bind(place_of(journal, index)).bind(stamp).run();
}

Result<void> ClockStore::remove_ahead(const JournalRow& journal, std::uint64_t index) {
  Statement remove = database_.prepare("DELETE FROM erasure_ahead WHERE record = ?");
  return remove.bind(place_of(journal, index)).run();
}

Result<std::vector<ErasureAhead>> ClockStore::ahead(WallTime until, std::size_t limit,
                                                    const std::optional<RecordPlace>& after) {
  Statement select = database_.prepare(
      "SELECT record, stamp_ms FROM erasure_ahead WHERE stamp_ms <= ? AND record > ? "
      "ORDER BY record LIMIT ?");
  const std::uint64_t behind =
      after ? (static_cast<std::uint64_t>(after->journal) << kIndexBits) | after->index : 0;
  select.bind(until).bind(behind).bind(limit);
  std::vector<ErasureAhead> found;
  for (;;) {
    const auto row = select.step();
    if (!row) return row.error();
    if (!*row) return found;
    const auto [journal, index] = split(select.integer(0));
    found.push_back({{journal, index}, time_at(select, 1)});
  }
}

}  // namespace blo::store
