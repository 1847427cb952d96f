#include "store/record_index.h"

#include "store/place.h"

namespace blo::store {
namespace {

using journal::Record;

template <RecordKind kind, class R>
constexpr bool kHasPlace =
    std::is_same_v<std::variant_alternative_t<static_cast<std::size_t>(kind) - 1, Record>, R>;
static_assert(kHasPlace<RecordKind::kGenerationStart, journal::GenerationStart> &&
              kHasPlace<RecordKind::kCertificate, journal::CertificateRecord> &&
              kHasPlace<RecordKind::kRefusal, journal::Refusal> &&
              kHasPlace<RecordKind::kRevocation, journal::RevocationRecord> &&
              kHasPlace<RecordKind::kPolicy, journal::Policy> &&
              kHasPlace<RecordKind::kTrailHead, journal::TrailHead> &&
              kHasPlace<RecordKind::kAct, journal::Act> &&
              kHasPlace<RecordKind::kActFailed, journal::ActFailed> &&
              kHasPlace<RecordKind::kPeerRefused, journal::PeerRefused> &&
              kHasPlace<RecordKind::kErasure, journal::Erasure> &&
              kHasPlace<RecordKind::kChallenge, journal::AuditChallenge> &&
              kHasPlace<RecordKind::kUnentered, journal::Unentered>);

RecordPlace place_in(const Statement& row, int column) {
  const auto [journal, index] = split(row.integer(column));
  return {journal, index};
}

Statement& bind(Statement& statement, const EntryName& entry) {
  return statement.bind(entry.pairing)
      .bind(entry.sent ? 1 : 0)
      .bind(std::int64_t{entry.generation})
      .bind(entry.index);
}

}  // namespace

RecordKind kind_of(const Record& record) { return static_cast<RecordKind>(record.index() + 1); }

EntryName name_of(const JournalRow& journal, std::uint64_t index) {
  return {journal.pairing, journal.sent, journal.origin.generation, index};
}

Result<bool> RecordIndex::is_here(const EntryName& entry, const JournalRow& in) {
  Origin origin = in.origin;
  if (entry.sent != in.sent) std::swap(origin.from, origin.to);
  origin.generation = entry.generation;
  const std::string name = origin.text();
  Statement select = database_.prepare(
      "SELECT 1 FROM journal JOIN entry ON place = (journal.id << 40) + ? WHERE origin = ?");
  return select.bind(entry.index).bind(std::string_view(name)).step();
}

Result<void> RecordIndex::note(const JournalRow& in, std::uint64_t at, const EntryFacts& facts,
                               const Record& record) {
  EntryName entry{in.pairing, in.sent, in.origin.generation, 0};
  const auto* refusal = std::get_if<journal::Refusal>(&record);
  const auto* erasure = std::get_if<journal::Erasure>(&record);
  const char* sql = nullptr;
  if (refusal != nullptr && !facts.refusal) {
    entry = {in.pairing, !in.sent, refusal->generation, refusal->index};
    sql =
        "INSERT OR IGNORE INTO refusal_of(pairing, sent, generation, entry, record, reason) "
        "VALUES(?, ?, ?, ?, ?, ?)";
  } else if (erasure != nullptr &&
             (!facts.refusal || *facts.refusal == journal::RefusalReason::kHeld)) {
    entry.sent = in.sent != erasure->received;
    if (erasure->generation != 0) entry.generation = erasure->generation;
    entry.index = erasure->index;
    sql = facts.refusal
              ? "INSERT OR IGNORE INTO erasure_held(pairing, sent, generation, entry, record) "
                "VALUES(?, ?, ?, ?, ?)"
              : "INSERT OR IGNORE INTO erasure_of(pairing, sent, generation, entry, record, ours) "
                "VALUES(?, ?, ?, ?, ?, ?)";
  }
  if (sql == nullptr || !is_index(entry.index)) return {};
  // What this office said may be given back to it before what it spoke of; the counterpart names
  // what it likes.
  if (!in.sent) {
    const auto here = is_here(entry, in);
    if (!here) return here.error();
    if (!*here) return {};
  }
  Statement insert = database_.prepare(sql);
  bind(insert, entry).bind(place_of(in, at));
  if (refusal != nullptr) {
    insert.bind(static_cast<int>(refusal->reason));
  } else if (!facts.refusal) {
    insert.bind(in.sent ? 1 : 0);
  }
  return insert.run();
}

Result<std::optional<RecordIndex::RefusedBy>> RecordIndex::refusal_of(const EntryName& entry) {
  Statement select = database_.prepare(
      "SELECT reason, record FROM refusal_of "
      "WHERE pairing = ? AND sent = ? AND generation = ? AND entry = ?");
  const auto row = bind(select, entry).step();
  if (!row) return row.error();
  if (!*row) return std::optional<RefusedBy>();
  return std::optional(
      RefusedBy{static_cast<journal::RefusalReason>(select.integer(0)), place_in(select, 1)});
}

Result<std::vector<RecordPlace>> RecordIndex::erasures_of(const EntryName& entry) {
  Statement select = database_.prepare(
      "SELECT record FROM erasure_of "
      "WHERE pairing = ? AND sent = ? AND generation = ? AND entry = ? ORDER BY ours DESC");
  bind(select, entry);
  std::vector<RecordPlace> places;
  for (;;) {
    const auto row = select.step();
    if (!row) return row.error();
    if (!*row) return places;
    places.push_back(place_in(select, 0));
  }
}

Result<bool> RecordIndex::erased_by_us(const EntryName& entry) {
  Statement select = database_.prepare(
      "SELECT 1 FROM erasure_of "
      "WHERE pairing = ? AND sent = ? AND generation = ? AND entry = ? AND ours = 1");
  return bind(select, entry).step();
}

Result<std::vector<RecordIndex::Held>> RecordIndex::held(const JournalRow& journal) {
  Statement select = database_.prepare(
      "SELECT entry, record FROM erasure_held "
      "WHERE pairing = ? AND sent = ? AND generation = ? AND entry >= ? ORDER BY entry");
  bind(select, name_of(journal, 0));
  std::vector<Held> held;
  for (;;) {
    const auto row = select.step();
    if (!row) return row.error();
    if (!*row) return held;
    held.push_back({select.natural(0), place_in(select, 1)});
  }
}

Result<bool> RecordIndex::is_held(const EntryName& entry) {
  Statement select = database_.prepare(
      "SELECT 1 FROM erasure_held "
      "WHERE pairing = ? AND sent = ? AND generation = ? AND entry = ?");
  return bind(select, entry).step();
}

Result<void> RecordIndex::forget_held(const JournalRow& journal, std::uint64_t index) {
  Statement erase = database_.prepare(
      "DELETE FROM erasure_held "
      "WHERE pairing = ? AND sent = ? AND generation = ? AND entry = ?");
  return bind(erase, name_of(journal, index)).run();
}

Result<void> RecordIndex::cut(const JournalRow& journal, std::uint64_t size) {
  for (const char* sql : {"DELETE FROM refusal_of WHERE record >= ? AND record < ?",
                          "DELETE FROM erasure_of WHERE record >= ? AND record < ?",
                          "DELETE FROM erasure_held WHERE record >= ? AND record < ?"}) {
    Statement erase = database_.prepare(sql);
    erase.bind(place_of(journal, size)).bind(place_of(journal, journal.size()));
    if (const auto done = erase.run(); !done) return done;
  }
  for (const char* sql :
       {"DELETE FROM refusal_of WHERE pairing = ? AND sent = ? AND generation = ? AND entry >= ?",
        "DELETE FROM erasure_of WHERE pairing = ? AND sent = ? AND generation = ? AND entry >= ?",
        "DELETE FROM erasure_held "
        "WHERE pairing = ? AND sent = ? AND generation = ? AND entry >= ?"}) {
    Statement erase = database_.prepare(sql);
    if (const auto done = bind(erase, name_of(journal, size)).run(); !done) return done;
  }
  return {};
}

}  // namespace blo::store
