#include "store/unopened.h"

#include "journal/entry.h"

namespace blo::store {
namespace {

/// What is out of form is nothing that anybody could open.
std::optional<journal::Envelope> envelope_of(ByteView leaf) {
  const auto entry = journal::Entry::parse(leaf);
  if (!entry || !std::holds_alternative<journal::SignedEnvelope>(entry->what)) return std::nullopt;
  auto envelope = journal::Envelope::parse(entry->bound_bytes());
  return envelope ? std::optional(std::move(*envelope)) : std::nullopt;
}

}  // namespace

Result<void> note_unopened(Database& database) {
  Statement select = database.prepare(
      "SELECT entry.place, entry.leaf FROM entry "
      "JOIN body ON body.place = entry.place JOIN journal ON journal.id = entry.place >> 40 "
      "WHERE entry.kind > 0 AND entry.kind NOT IN (3, 4) AND entry.refusal = 0 "
      "AND journal.sent = 0 AND NOT EXISTS (SELECT 1 FROM step "
      "WHERE step.pairing = entry.pairing AND step.message_id = entry.message_id)");
  for (;;) {
    const auto row = select.step();
    if (!row) return row.error();
    if (!*row) return {};
    const auto envelope = envelope_of(select.blob(1));
    if (!envelope) continue;
    Statement insert = database.prepare(
        "INSERT OR IGNORE INTO awaited(place, precedence, sent_at, expires_ms) VALUES(?, ?, 1, ?)");
    insert.bind(select.integer(0))
        .bind(std::int64_t{static_cast<std::uint8_t>(envelope->precedence)})
        .bind(envelope->expires ? to_unix_ms(*envelope->expires) : std::uint64_t{0});
    if (const auto done = insert.run(); !done) return done;
  }
}

}  // namespace blo::store
