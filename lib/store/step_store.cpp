#include "store/step_store.h"

#include "store/place.h"

namespace blo::store {
namespace {

constexpr auto kOpenedKind = static_cast<std::uint32_t>(journal::Kind::kOpened);
constexpr auto kActedKind = static_cast<std::uint32_t>(journal::Kind::kActed);

/// Counts what no alarm spoke of, counts all and finds the oldest, and marks what is in an alarm.
/// `announced` is the newest wait that an alarm spoke of; a row goes from one wait to the next.
struct OverdueSql {
  const char* unannounced;
  const char* all;
  const char* mark;
};
constexpr OverdueSql kReceiptOverdue = {
    "SELECT count(*) FROM awaited "

    "WHERE precedence = ? AND place >= ? AND place < ? AND sent_at <= ? AND ? AND announced < 1",
    "SELECT count(*), min(place) FROM awaited "

    "WHERE precedence = ? AND place >= ? AND place < ? AND sent_at <= ? AND ?",
    "UPDATE awaited SET announced = 1 "

    "WHERE precedence = ? AND place >= ? AND place < ? AND sent_at <= ? AND ? AND announced < 1"};
constexpr OverdueSql kOpeningOverdue = {
    "SELECT count(*) FROM awaited INDEXED BY awaited_opening "
    "WHERE precedence = ? AND place >= ? AND place < ? AND opened_at = 0 AND ? "
    "AND (expires_ms = 0 OR expires_ms > ?) AND announced < 2",
    "SELECT count(*), min(place) FROM awaited "
    "WHERE precedence = ? AND place >= ? AND place < ? AND opened_at = 0 AND ? "
    "AND (expires_ms = 0 OR expires_ms > ?)",
    "UPDATE awaited SET announced = 2 "
    "WHERE precedence = ? AND place >= ? AND place < ? AND opened_at = 0 AND ? "
    "AND (expires_ms = 0 OR expires_ms > ?) AND announced < 2"};
constexpr OverdueSql kOutcomeOverdue = {
    "SELECT count(*) FROM awaited "
    "WHERE precedence = ? AND place >= ? AND place < ? AND opened_at > 0 AND opened_at <= ? "
    "AND (expires_ms = 0 OR expires_ms > ?) AND announced < 3",
    "SELECT count(*), min(place) FROM awaited "
    "WHERE precedence = ? AND place >= ? AND place < ? AND opened_at > 0 AND opened_at <= ? "
    "AND (expires_ms = 0 OR expires_ms > ?)",
    "UPDATE awaited SET announced = 3 "
    "WHERE precedence = ? AND place >= ? AND place < ? AND opened_at > 0 AND opened_at <= ? "
    "AND (expires_ms = 0 OR expires_ms > ?) AND announced < 3"};
constexpr OverdueSql kReadingOverdue = {
    "SELECT count(*) FROM awaited INDEXED BY awaited_reading "
    "WHERE precedence = ? AND place >= ? AND place < ? AND opened_at = 0 AND sent_at <= ? "
    "AND (expires_ms = 0 OR expires_ms > ?) AND announced < 1",
    "SELECT count(*), min(place) FROM awaited "
    "WHERE precedence = ? AND place >= ? AND place < ? AND opened_at = 0 AND sent_at <= ? "
    "AND (expires_ms = 0 OR expires_ms > ?)",
    "UPDATE awaited SET announced = 1 "
    "WHERE precedence = ? AND place >= ? AND place < ? AND opened_at = 0 AND sent_at <= ? "
    "AND (expires_ms = 0 OR expires_ms > ?) AND announced < 1"};

const OverdueSql& sql_for(Awaited what) {
  switch (what) {
    case Awaited::kReceipt: return kReceiptOverdue;
    case Awaited::kOpening: return kOpeningOverdue;
    case Awaited::kOutcome: return kOutcomeOverdue;
    case Awaited::kReading: return kReadingOverdue;
  }
  BLO_CHECK(false);
  return kReceiptOverdue;
}

void bind_where(Statement& statement, const JournalRow& journal, const OverdueQuery& query) {
  statement.bind(std::int64_t{static_cast<std::uint8_t>(query.precedence)})
      .bind(place_of(journal, query.from))
      .bind(place_of(journal, query.to));
  if (query.what == Awaited::kOpening) {
    statement.bind(1);
  } else {
    statement.bind(std::int64_t{query.since.time_since_epoch().count()});
  }
  statement.bind(query.now);
}

StepPlace read_step(const Statement& row) {
  const auto [journal, index] = split(row.integer(1));
  return {static_cast<std::uint32_t>(row.integer(0)), journal, index};
}

}  // namespace

Result<void> StepStore::add(const JournalRow& journal, std::uint64_t index, std::uint32_t kind,
                            const MessageId& answered) {
  Statement insert =
      database_.prepare("INSERT INTO step(pairing, message_id, kind, place) VALUES(?, ?, ?, ?)");
  return insert.bind(journal.pairing)
      .bind(ByteView(answered))
      .bind(std::int64_t{kind})
      .bind(place_of(journal, index))
      .run();
}

Result<std::optional<StepPlace>> StepStore::opened(std::int64_t pairing,
                                                   const MessageId& answered) {
  Statement select = database_.prepare(
      "SELECT kind, place FROM step WHERE pairing = ? AND message_id = ? AND kind = ? "
      "ORDER BY place LIMIT 1");
  const auto row =
      select.bind(pairing).bind(ByteView(answered)).bind(std::int64_t{kOpenedKind}).step();
  if (!row) return row.error();
  if (!*row) return std::optional<StepPlace>();
  return std::optional(read_step(select));
}

Result<std::vector<StepPlace>> StepStore::of(std::int64_t pairing, const MessageId& answered,
                                             std::size_t acted_max) {
  std::vector<StepPlace> steps;
  Statement select = database_.prepare(
      "SELECT kind, place FROM step WHERE pairing = ? AND message_id = ? AND kind = ? "
      "ORDER BY place DESC LIMIT ?");
  select.bind(pairing)
      .bind(ByteView(answered))
      .bind(std::int64_t{kActedKind})
      .bind(std::uint64_t{acted_max});
  for (;;) {
    const auto row = select.step();
    if (!row) return row.error();
    if (!*row) break;
    steps.push_back(read_step(select));
  }
  const auto first = opened(pairing, answered);
  if (!first) return first.error();
  if (*first) steps.push_back(**first);
  std::ranges::sort(steps, {},
                    [](const StepPlace& step) { return std::pair(step.journal, step.index); });
  return steps;
}

Result<std::uint32_t> StepStore::furthest(std::int64_t pairing, const MessageId& answered) {
  Statement select =
      database_.prepare("SELECT max(kind) FROM step WHERE pairing = ? AND message_id = ?");
  const auto row = select.bind(pairing).bind(ByteView(answered)).step();
  if (!row) return row.error();
  if (!*row || select.is_null(0)) return 0U;
  return static_cast<std::uint32_t>(select.integer(0));
}

Result<void> StepStore::await(const JournalRow& journal, std::uint64_t index,
                              const AwaitedMessage& message) {
  Statement insert = database_.prepare(
      "INSERT INTO awaited(place, precedence, sent_at, expires_ms) VALUES(?, ?, ?, ?)");
  return insert.bind(place_of(journal, index))
      .bind(std::int64_t{static_cast<std::uint8_t>(message.precedence)})
      .bind(std::int64_t{message.since.time_since_epoch().count()})
      .bind(message.expires ? to_unix_ms(*message.expires) : std::uint64_t{0})
      .run();
}

Result<void> StepStore::note_opened(const JournalRow& journal, std::uint64_t index,
                                    WaitTime since) {
  Statement update =
      database_.prepare("UPDATE awaited SET opened_at = ? WHERE place = ? AND opened_at = 0");
  return update.bind(std::int64_t{since.time_since_epoch().count()})
      .bind(place_of(journal, index))
      .run();
}

Result<void> StepStore::note_done(const JournalRow& journal, std::uint64_t index) {
  Statement erase = database_.prepare("DELETE FROM awaited WHERE place = ?");
  return erase.bind(place_of(journal, index)).run();
}

Result<Overdue> StepStore::overdue(const JournalRow& journal, const OverdueQuery& query) {
  const OverdueSql& sql = sql_for(query.what);
  Overdue found;
  {
    Statement select = database_.prepare(sql.unannounced);
    bind_where(select, journal, query);
    const auto row = select.step();
    if (!row) return row.error();
    found.unannounced = select.natural(0);
  }
  if (found.unannounced == 0) return found;  // nobody asks for the rest
  Statement select = database_.prepare(sql.all);
  bind_where(select, journal, query);
  const auto row = select.step();
  if (!row) return row.error();
  found.count = select.natural(0);
  found.oldest = index_of(select.integer(1));
  return found;
}

Result<void> StepStore::mark_announced(const JournalRow& journal, const OverdueQuery& query) {
  Statement update = database_.prepare(sql_for(query.what).mark);
  bind_where(update, journal, query);
  return update.run();
}

Result<std::vector<std::uint64_t>> StepStore::unopened(const JournalRow& journal,
                                                       journal::Precedence precedence,
                                                       std::uint64_t from, std::uint64_t to,
                                                       std::size_t count) {
  Statement select = database_.prepare(
      "SELECT place FROM awaited INDEXED BY awaited_unopened "
      "WHERE precedence = ? AND place >= ? AND place < ? AND opened_at = 0 "
      "ORDER BY place DESC LIMIT ?");
  select.bind(std::int64_t{static_cast<std::uint8_t>(precedence)})
      .bind(place_of(journal, from))
      .bind(place_of(journal, to))
      .bind(std::uint64_t{count});
  std::vector<std::uint64_t> indices;
  for (;;) {
    const auto row = select.step();
    if (!row) return row.error();
    if (!*row) return indices;
    indices.push_back(index_of(select.integer(0)));
  }
}

Result<bool> StepStore::is_unopened(const JournalRow& journal, std::uint64_t index) {
  Statement select = database_.prepare("SELECT 1 FROM awaited WHERE place = ? AND opened_at = 0");
  return select.bind(place_of(journal, index)).step();
}

Result<UnopenedCounts> StepStore::count_unopened(const JournalRow& journal, std::uint64_t from,
                                                 std::uint64_t to, std::uint64_t count_max) {
  UnopenedCounts counts{};
  std::int64_t precedence = 0;
  for (auto& count : counts) {
    Statement select = database_.prepare(
        "SELECT count(*) FROM (SELECT 1 FROM awaited INDEXED BY awaited_unopened "
        "WHERE precedence = ? AND place >= ? AND place < ? AND opened_at = 0 LIMIT ?)");
    select.bind(++precedence)
        .bind(place_of(journal, from))
        .bind(place_of(journal, to))
        .bind(count_max);
    const auto row = select.step();
    if (!row) return row.error();
    count = select.natural(0);
  }
  return counts;
}

Result<ArrivedExpired> StepStore::arrived_expired(const JournalRow& journal, std::uint64_t from,
                                                  std::uint64_t to, WallTime time) {
  Statement select = database_.prepare(
      "SELECT count(*), min(place) FROM awaited "
      "WHERE place >= ? AND place < ? AND expires_ms > 0 AND expires_ms < ?");
  const auto row =
      select.bind(place_of(journal, from)).bind(place_of(journal, to)).bind(time).step();
  if (!row) return row.error();
  ArrivedExpired found{select.natural(0), 0};
  if (found.count > 0) found.oldest = index_of(select.integer(1));
  return found;
}

}  // namespace blo::store
