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
  if (find_record<journal::CertificateRecord>(stored)) {
    const auto certificate = introduced_in(stored);
    return Erasable{{}, certificate ? certificate->details().person : 0};
  }
  const auto entry = journal::Entry::parse(stored.leaf);
  if (!entry || !std::holds_alternative<journal::SignedEnvelope>(entry->what)) return std::nullopt;
  auto envelope = journal::Envelope::parse(entry->bound_bytes());
  if (!envelope) return std::nullopt;
  return Erasable{std::move(*envelope)};
}

namespace {

Result<bool> is_message_held(store::Store& store, const Pair& pair,
                             const journal::Envelope& envelope) {
  const auto held = store.holds().find(pair.row.id, envelope.message_id);
  if (!held) return held.error();
  if (held->has_value()) return true;
  if (!journal::is_step(envelope.kind) || !envelope.in_reply_to) return false;
  const auto answered = store.holds().find(pair.row.id, *envelope.in_reply_to);
  if (!answered) return answered.error();
  return answered->has_value();
}

/// Of a received message: one of those who signed it is that person.
bool is_signed_by(const Pair& pair, const store::StoredEntry& stored, std::uint64_t person) {
  const auto entry = journal::Entry::parse(stored.leaf);
  const auto* message = entry ? std::get_if<journal::SignedEnvelope>(&entry->what) : nullptr;
  const auto envelope = message != nullptr ? journal::Envelope::parse(message->envelope)
                                           : Result<journal::Envelope>(OfficeError::kNotFound);
  if (!envelope) return false;
  const auto is = [&](const identity::Fingerprint& officer) {
    const auto author = pair.received->authors.find(officer);
    return author != pair.received->authors.end() && author->second.person == person;
  };
  return is(envelope->officer) || (message->release && is(message->release->officer));
}

Result<bool> is_name_held(store::Store& store, const Pair& pair, std::uint64_t person) {
  const auto holds = store.holds().of_pairing(pair.row.id);
  if (!holds) return holds.error();
  for (const auto& hold : *holds) {
    const auto place = store.journals().find_message(hold.pairing, hold.message_id);
    if (!place) return place.error();
    const auto* row = *place ? pair.find_journal((*place)->first) : nullptr;
    if (row == nullptr || row->sent) continue;
    const auto stored = store.journals().entry(*row, (*place)->second);
    if (!stored) return stored.error();
    if (is_signed_by(pair, *stored, person)) return true;
  }
  return false;
}

}  // namespace

Result<bool> is_held(store::Store& store, const Pair& pair, const store::JournalRow& row,
                     const Erasable& what) {
  if (what.envelope) return is_message_held(store, pair, *what.envelope);
  if (row.sent) return false;
  return is_name_held(store, pair, what.person);
}

}  // namespace blo::office
