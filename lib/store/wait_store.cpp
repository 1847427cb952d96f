#include "store/wait_store.h"

namespace blo::store {
namespace {

/// As far as calendars go (the end of the year 9999), so that no sum of a few overflows.
constexpr milliseconds kLongest{253'402'300'800'000};

std::optional<milliseconds> read_time(const Statement& row, int column) {
  const milliseconds time(row.integer(column));
  if (time < milliseconds(0) || time > kLongest) return std::nullopt;
  return time;
}

}  // namespace

Result<void> WaitStore::load() {
  const Error corrupt(StoreError::kCorrupt, "how long the office has run");
  std::optional<WaitMark> mark;
  {
    Statement select = database_.prepare("SELECT at_ms, wall_ms, off_from_ms FROM wait_mark");
    const auto row = select.step();
    if (!row) return row.error();
    if (*row) {
      const auto at = read_time(select, 0);
      if (!at) return corrupt;
      mark = WaitMark{WaitTime(*at), {}, {}};
      // Whatever a clock said is no reason not to start.
      const auto wall = select.is_null(1) ? std::nullopt : read_time(select, 1);
      if (wall) mark->wall = WallTime(*wall);
      const auto off_from = select.is_null(2) ? std::nullopt : read_time(select, 2);
      if (off_from) mark->off_from = WaitTime(*off_from);
    }
  }
  std::vector<TimeOff> off;
  Statement select = database_.prepare("SELECT at_ms, length_ms FROM time_off ORDER BY at_ms");
  for (;;) {
    const auto row = select.step();
    if (!row) return row.error();
    if (!*row) break;
    const auto at = read_time(select, 0);
    const auto length = read_time(select, 1);
    if (!at) return corrupt;
    if (length) off.push_back({WaitTime(*at), *length});
  }
  clock_ = WaitClock(mark, std::move(off));
  return {};
}

Result<void> WaitStore::write(Now now) {
  const auto kept = clock_.to_keep(now);
  Statement put = database_.prepare(
      "INSERT OR REPLACE INTO wait_mark(id, at_ms, wall_ms, off_from_ms) VALUES(1, ?, ?, ?)");
  put.bind(std::int64_t{kept.mark.at.time_since_epoch().count()});
  const auto bind_or_null = [&put](const auto& time) {
    if (time) {
      put.bind(std::int64_t{time->time_since_epoch().count()});
    } else {
      put.bind_null();
    }
  };
  bind_or_null(kept.mark.wall);
  bind_or_null(kept.mark.off_from);
  if (const auto done = put.run(); !done) return done;
  const std::int64_t at = kept.off.at.time_since_epoch().count();
  if (kept.off.length == milliseconds(0)) {
    Statement erase = database_.prepare("DELETE FROM time_off WHERE at_ms = ?");
    return erase.bind(at).run();
  }
  Statement insert =
      database_.prepare("INSERT OR REPLACE INTO time_off(at_ms, length_ms) VALUES(?, ?)");
  const auto done = insert.bind(at).bind(std::int64_t{kept.off.length.count()}).run();
  if (!done) return done;
  Statement oldest = database_.prepare(
      "DELETE FROM time_off WHERE at_ms <= "
      "(SELECT at_ms FROM time_off ORDER BY at_ms DESC LIMIT 1 OFFSET ?)");
  return oldest.bind(kTimesOffMax).run();
}

Result<WaitTime> WaitStore::enter(Now now) {
  const WaitTime here = clock_.at(now.steady);
  Statement select = database_.prepare("SELECT 1 FROM wait_mark WHERE at_ms > ?");
  const auto young =
      select.bind(std::int64_t{(here - WaitClock::kMarkEvery).time_since_epoch().count()}).step();
  if (!young) return young.error();
  if (*young) return here;
  if (const auto done = write(now); !done) return done.error();
  return here;
}

Result<void> WaitStore::keep(Now now) {
  const WaitTime here = clock_.at(now.steady);
  {
    Statement select = database_.prepare("SELECT 1 FROM wait_mark WHERE at_ms > ?");
    const auto young =
        select.bind(std::int64_t{(here - kKeptEvery).time_since_epoch().count()}).step();
    if (!young) return young.error();
    if (*young) return {};
  }
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  if (const auto done = write(now); !done) return done;
  return transaction->commit();
}

}  // namespace blo::store
