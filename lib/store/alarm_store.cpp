#include "store/alarm_store.h"

#include "seal/wrap.h"

namespace blo::store {
namespace {

Bytes text_place(std::string_view code, std::string_view subject) {
  return to_bytes("alarm " + std::string(code) + " " + std::string(subject));
}

Bytes acknowledgement_place(std::uint64_t id) {
  return to_bytes("alarm-acknowledgement " + std::to_string(id));
}

Result<AlarmRow> read_alarm(const Statement& row, const crypto::Key& store_key) {
  AlarmRow alarm;
  alarm.id = row.natural(0);
  alarm.raised = from_unix_ms(row.natural(1));
  alarm.code = row.text(2);
  alarm.subject = row.text(3);
  alarm.has_evidence = row.integer(5) != 0;
  alarm.occurrences = row.natural(9);
  alarm.last = std::max(alarm.raised, from_unix_ms(row.natural(10)));
  const auto corrupt = [&] {
    return Error(StoreError::kCorrupt, "alarm " + std::to_string(alarm.id));
  };
  const auto text = seal::unwrap(store_key, text_place(alarm.code, alarm.subject), row.blob(4));
  if (!text) return corrupt();
  const std::string both = to_string(ByteView(*text));
  const auto end = both.find('\0');
  if (end == std::string::npos) return corrupt();
  alarm.sentence = both.substr(0, end);
  alarm.next_step = both.substr(end + 1);
  if (row.is_null(6)) return alarm;
  const auto said = seal::unwrap(store_key, acknowledgement_place(alarm.id), row.blob(8));
  if (!said) return corrupt();
  alarm.acknowledged =
      Acknowledgement{from_unix_ms(row.natural(6)), row.natural(7), to_string(ByteView(*said))};
  return alarm;
}

Bytes wrap_text(const crypto::Key& store_key, const AlarmRow& alarm) {
  const std::string text = alarm.sentence + '\0' + alarm.next_step;
  return seal::wrap(store_key, text_place(alarm.code, alarm.subject), as_bytes(text));
}

constexpr std::string_view kMore = "; and others";

}  // namespace

AlarmStore::AlarmStore(Database& database, const crypto::Key& store_key)
    : database_(database), store_key_(store_key) {}

Result<std::uint64_t> AlarmStore::put(const AlarmRow& alarm, ByteView evidence) {
  const Bytes wrapped = wrap_text(store_key_, alarm);
  Statement insert = database_.prepare(
      "INSERT INTO alarm(raised_ms, code, subject, wrapped_text, evidence, occurrences, last_ms, "
      "measure) VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(alarm.raised)
      .bind(std::string_view(alarm.code))
      .bind(std::string_view(alarm.subject))
      .bind(wrapped)
      .bind(evidence)
      .bind(alarm.occurrences)
      .bind(alarm.raised)
      .bind(alarm.measure);
  if (const auto done = insert.run(); !done) return done.error();
  return static_cast<std::uint64_t>(database_.last_row());
}

Result<std::vector<AlarmRow>> AlarmStore::list(bool all, const Page<std::uint64_t>& page) {
  Statement select = database_.prepare(
      "SELECT id, raised_ms, code, subject, wrapped_text, length(evidence) > 0, acknowledged_ms, "
      "acknowledged_person, wrapped_acknowledgement, occurrences, last_ms FROM alarm "
      "WHERE id > ? AND (? OR acknowledged_ms IS NULL) ORDER BY id LIMIT ?");
  select.bind(page.after().value_or(0)).bind(all ? 1 : 0).bind(page.rows_sought());
  std::vector<AlarmRow> alarms;
  for (;;) {
    const auto row = select.step();
    if (!row) return row.error();
    if (!*row) return alarms;
    auto alarm = read_alarm(select, store_key_);
    if (!alarm) return alarm.error();
    alarms.push_back(std::move(*alarm));
  }
}

Result<Bytes> AlarmStore::evidence_of(const AlarmRow& alarm) {
  Statement select = database_.prepare("SELECT evidence FROM alarm WHERE id = ?");
  const auto row = select.bind(alarm.id).step();
  if (!row) return row.error();
  return *row ? to_bytes(select.blob(0)) : Bytes();
}

Result<std::uint64_t> AlarmStore::count_open() {
  Statement select = database_.prepare("SELECT count(*) FROM alarm WHERE acknowledged_ms IS NULL");
  const auto row = select.step();
  if (!row) return row.error();
  return select.natural(0);
}

Result<std::map<std::string, std::uint64_t>> AlarmStore::count_open_by_code() {
  Statement select = database_.prepare(
      "SELECT code, count(*) FROM alarm WHERE acknowledged_ms IS NULL GROUP BY code");
  std::map<std::string, std::uint64_t> counts;
  for (;;) {
    const auto row = select.step();
    if (!row) return row.error();
    if (!*row) return counts;
    counts[select.text(0)] = select.natural(1);
  }
}

Result<void> AlarmStore::count(std::string_view code, std::string_view subject,
                               std::uint64_t occurrences, WallTime last) {
  Statement update = database_.prepare(
      "UPDATE alarm SET occurrences = occurrences + ?, last_ms = ? "
      "WHERE code = ? AND subject = ? AND acknowledged_ms IS NULL");
  return update.bind(occurrences).bind(last).bind(code).bind(subject).run();
}

Result<bool> AlarmStore::stands(std::string_view code, std::string_view subject, WallTime since,
                                WallTime until) {
  Statement select = database_.prepare(
      "SELECT 1 FROM alarm WHERE code = ? AND subject = ? "
      "AND (acknowledged_ms IS NULL OR acknowledged_ms BETWEEN ? AND ?) LIMIT 1");
  return select.bind(code).bind(subject).bind(since).bind(until).step();
}

Result<bool> AlarmStore::stands_measured(std::string_view code, std::string_view subject,
                                         std::uint64_t measure) {
  Statement select = database_.prepare(
      "SELECT 1 FROM alarm WHERE code = ? AND subject = ? "
      "AND (acknowledged_ms IS NULL OR measure >= ?) LIMIT 1");
  return select.bind(code).bind(subject).bind(measure).step();
}

Result<void> AlarmStore::forget_measure(std::string_view code, std::string_view subject) {
  Statement update = database_.prepare(
      "UPDATE alarm SET measure = 0 WHERE code = ? AND subject = ? AND measure > 0");
  return update.bind(code).bind(subject).run();
}

Result<bool> AlarmStore::add_to_open(std::string_view code, std::string_view subject,
                                     std::string_view clause, std::size_t bytes_max) {
  std::optional<AlarmRow> alarm;
  {
    Statement select = database_.prepare(
        "SELECT id, raised_ms, code, subject, wrapped_text, length(evidence) > 0, acknowledged_ms, "
        "acknowledged_person, wrapped_acknowledgement, occurrences, last_ms FROM alarm "
        "WHERE code = ? AND subject = ? AND acknowledged_ms IS NULL");
    const auto row = select.bind(code).bind(subject).step();
    if (!row) return row.error();
    if (!*row) return false;
    auto found = read_alarm(select, store_key_);
    if (!found) return found.error();
    alarm = std::move(*found);
  }
  if (alarm->sentence.ends_with(kMore) || alarm->sentence.find(clause) != std::string::npos)
    return false;
  const bool fits = alarm->sentence.size() + clause.size() + 2 <= bytes_max;
  alarm->sentence += fits ? "; " + std::string(clause) : std::string(kMore);
  const Bytes wrapped = wrap_text(store_key_, *alarm);
  Statement update = database_.prepare("UPDATE alarm SET wrapped_text = ? WHERE id = ?");
  if (const auto done = update.bind(wrapped).bind(alarm->id).run(); !done) return done.error();
  return true;
}

Result<std::optional<std::string>> AlarmStore::open_code(std::uint64_t id) {
  Statement select =
      database_.prepare("SELECT code FROM alarm WHERE id = ? AND acknowledged_ms IS NULL");
  const auto row = select.bind(id).step();
  if (!row) return row.error();
  if (!*row) return std::optional<std::string>();
  return std::optional(std::string(select.text(0)));
}

Result<void> AlarmStore::acknowledge(std::uint64_t id, const Acknowledgement& acknowledgement) {
  {
    Statement select =
        database_.prepare("SELECT 1 FROM alarm WHERE id = ? AND acknowledged_ms IS NULL");
    const auto row = select.bind(id).step();
    if (!row) return row.error();
    if (!*row) return Error(StoreError::kNotFound, "alarm " + std::to_string(id));
  }
  const Bytes wrapped =
      seal::wrap(store_key_, acknowledgement_place(id), as_bytes(acknowledgement.sentence));
  Statement update = database_.prepare(
      "UPDATE alarm SET acknowledged_ms = ?, acknowledged_person = ?, wrapped_acknowledgement = ? "
      "WHERE id = ?");
  return update.bind(acknowledgement.time)
      .bind(acknowledgement.person)
      .bind(wrapped)
      .bind(id)
      .run();
}

}  // namespace blo::store
