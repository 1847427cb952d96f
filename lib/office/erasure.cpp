#include "office/erasure.h"

#include "office/records.h"

namespace blo::office {

const store::JournalRow* journal_of(const Pair& pair, const store::JournalRow& own,
                                    const journal::Erasure& erasure) {
  if (!erasure.received &&
      (erasure.generation == 0 || erasure.generation == own.origin.generation)) {
    return &own;
  }
  const auto generations = pair.generations(own.sent != erasure.received);
  const auto found = std::ranges::find(generations, erasure.generation,
                                       [](const auto* row) { return row->origin.generation; });
  return found == generations.end() ? nullptr : *found;
}

std::optional<Erasable> erasable_in(const store::StoredEntry& stored) {
  if (stored.facts.refusal == journal::RefusalReason::kMalformed) return std::nullopt;
  if (find_record<journal::CertificateRecord>(stored)) return Erasable();
  const auto entry = journal::Entry::parse(stored.leaf);
  if (!entry || !std::holds_alternative<journal::SignedEnvelope>(entry->what)) return std::nullopt;
  auto envelope = journal::Envelope::parse(entry->bound_bytes());
  if (!envelope) return std::nullopt;
  return Erasable{std::move(*envelope)};
}

Result<bool> is_held(store::Store& store, const Pair& pair, const journal::Envelope& envelope) {
  const auto held = store.holds().find(pair.row.id, envelope.message_id);
  if (!held) return held.error();
  if (held->has_value()) return true;
  if (!journal::is_step(envelope.kind) || !envelope.in_reply_to) return false;
  const auto answered = store.holds().find(pair.row.id, *envelope.in_reply_to);
  if (!answered) return answered.error();
  return answered->has_value();
}

}  // namespace blo::office
