// A store that was behind goes on: in the next generation, with what it had accepted by itself.
#include "office/holds.h"
#include "office/records.h"
#include "office/steps.h"
#include "office/unsaid.h"

namespace blo::office {

namespace {

/// An opened where another one has told the sender already.
Result<bool> opened_before(store::Store& store, const Pair& pair,
                           const journal::Envelope& envelope) {
  if (envelope.kind != static_cast<std::uint32_t>(journal::Kind::kOpened) || !envelope.in_reply_to)
    return false;
  const auto opened = store.steps().opened(pair.row.id, *envelope.in_reply_to);
  if (!opened) return opened.error();
  return opened->has_value();
}

}  // namespace

/// Whether the officer may speak in the next generation: at this time, and after what the journal
/// says of the person already.
bool Office::may_speak(const identity::Fingerprint& signer, const Unsaid& unsaid,
                       WallTime time) const {
  const auto* officer = officers_.find(signer);
  if (officer == nullptr || !officer->certificate.details().valid_at(time)) return false;
  const auto* revoked = officers_.revocation(officer->person);
  return revoked == nullptr || !unsaid.is_said(*revoked) ||
         officers_.state(*officer, time) != OfficerState::kRevoked;
}

/// A message that the counterpart turned out to have is not said again, and none by who may not
/// speak any more.
Result<void> Office::reenter(const store::StrandedRow& stranded, const Pair& pair, Unsaid& unsaid,
                             BegunGeneration& begun, Recovered& recovered, Now now) {
  const store::StoredEntry stored{0, stranded.leaf, {}};
  if (auto policy = find_record<journal::Policy>(stored)) {
    begun.policy = std::move(*policy);
    const auto added = begun.writer.add_record(begun.policy);
    if (!added) return added.error();
    return {};
  }
  if (const auto erasure = find_record<journal::Erasure>(stored))
    return unsaid.enter(*erasure, begun.writer);
  auto entry = journal::Entry::parse(stranded.leaf);
  if (!entry) return entry.error();
  auto* message = std::get_if<journal::SignedEnvelope>(&entry->what);
  if (message == nullptr || !stranded.body.content_key)
    return Error(store::StoreError::kCorrupt, "a stranded message");
  const auto envelope = journal::Envelope::parse(message->envelope);
  if (!envelope) return envelope.error();
  const auto earlier = store_->journals().find_message(pair.row.id, envelope->message_id);
  if (!earlier) return earlier.error();
  if (*earlier) return keep_import_key(stranded, pair, **earlier);
  const auto opened = opened_before(*store_, pair, *envelope);
  if (!opened) return opened.error();
  if (*opened) return {};
  std::vector<identity::Fingerprint> signers{envelope->officer};
  if (message->release) signers.push_back(message->release->officer);
  const WallTime time = begun.writer.row().last_stamp.time;
  const bool all_may = std::ranges::all_of(
      signers, [&](const auto& signer) { return may_speak(signer, unsaid, time); });
  if (!all_may) {
    ++recovered.left_out;
    return {};
  }
  for (const auto& signer : signers) {
    if (!begun.announced.insert(signer).second) continue;
    const auto& officer = *officers_.find(signer);
    const auto* revoked = officers_.revocation(officer.person);
    const auto statement = officer.certificate.details().statement;
    if (revoked != nullptr && revoked->details().statement < statement) {  // certified again since
      const auto entered = unsaid.enter(*revoked, begun.writer);
      if (!entered) return entered;
    }
    if (const auto added = begun.writer.add_officer(officer); !added) return added.error();
  }
  const Writer::Body body{stranded.body.sealed, stranded.body.content_key->clone()};
  const auto index = begun.writer.add_message(std::move(*message), *envelope, body);
  if (!index) return index.error();
  const auto& row = begun.writer.row();
  const auto noted = note_message(*store_, pair, row, *index, *envelope, now);
  if (!noted) return noted;
  ++recovered.reentered;
  if (stranded.import_key.empty()) return {};
  return store_->journals().put_imported(stranded.import_key, begun.writer.row(), *index);
}

/// So that the table it came from is not sent again.
Result<void> Office::keep_import_key(const store::StrandedRow& stranded, const Pair& pair,
                                     std::pair<std::int64_t, std::uint64_t> place) {
  const auto* row = pair.find_journal(place.first);
  if (stranded.import_key.empty() || row == nullptr || !row->sent) return {};
  return store_->journals().put_imported(stranded.import_key, *row, place.second);
}

/// Where something was given back that this office signed while the trail's newest generation was
/// in use: its key may have signed acts that this store does not hold, and signs no others instead.
Result<void> Office::leave_trail(Trail::Addition& addition) {
  const auto begun = trail_.begun();
  if (!begun) return begun.error();
  const auto given_back = store_->given_back();
  if (!given_back) return given_back.error();
  if (!*begun || !*given_back || **given_back < **begun) return {};
  const auto done = addition.begin_next_generation();
  if (!done) return done;
  if (const auto finished = addition.finish(); !finished) return finished;
  return store_->forget_given_back();
}

Result<Office::Recovered> Office::recover(Pair& pair, Now now) {
  switch (pair.row.recovery) {
    case store::Recovery::kNone: return Error(OfficeError::kNotBehind, pair.counterpart().text());
    case store::Recovery::kRecovering:
      return Error(OfficeError::kNotRecovered, pair.counterpart().text());
    case store::Recovery::kRecovered: break;
  }
  auto transaction = store_->begin();
  if (!transaction) return transaction.error();
  auto begun = begin_generation(pair, true, now);
  if (!begun) return begun.error();
  const auto stranded = store_->stranded().of_pairing(pair.row.id);
  if (!stranded) return stranded.error();
  auto unsaid = Unsaid::of(*store_, officers_, pair);
  if (!unsaid) return unsaid.error();
  // What the journal says of an officer counts for what was accepted meanwhile; what was said on
  // the old store, in the order in which it was.
  Writer& writer = begun->writer;
  for (const auto& revocation : officers_.revocations()) {
    if (!unsaid->is_said(revocation)) continue;
    const auto added = writer.add_record(journal::RevocationRecord{revocation.bytes()});
    if (!added) return added.error();
  }
  Recovered recovered{0, 0, 0};
  if (const auto done = unsaid->enter_refusals(writer); !done) return done.error();
  for (const auto& one : *stranded) {
    const auto again = reenter(one, pair, *unsaid, *begun, recovered, now);
    if (!again) return again.error();
    if (const auto done = store_->stranded().remove(one); !done) return done.error();
  }
  for (const auto& revocation : officers_.revocations()) {
    if (const auto done = unsaid->enter(revocation, writer); !done) return done.error();
  }
  if (const auto done = unsaid->enter_forgotten_names(writer); !done) return done.error();
  if (const auto done = begun->writer.finish(); !done) return done.error();
  store::PairingRow row = pair.row;
  const auto set = store_->pairings().set_recovery(row, store::Recovery::kNone);
  if (!set) return set.error();
  if (!row.why.empty()) {  // a person had frozen it before, and that word stands
    const auto frozen = store_->pairings().freeze_by_hand(row, std::string(row.why));
    if (!frozen) return frozen.error();
  }
  Trail::Addition trail(trail_, now);
  if (const auto done = leave_trail(trail); !done) return done.error();
  if (const auto done = transaction->commit(); !done) return done.error();
  trail.keep();
  for (const bool ours : {true, false}) {
    for (const auto* generation : pair.generations(ours)) recovered.entries += generation->size();
  }
  pair.row = std::move(row);
  keep_generation(pair, std::move(*begun));
  // It has gone on, whatever comes of the rest, which is tried again.
  static_cast<void>(erase_what_waits(*this, pair, 0, now));
  return recovered;
}

Result<void> Office::catch_up(Pair& pair, Now now) {
  if (!pair.carries_messages()) return {};
  auto unsaid = Unsaid::of(*store_, officers_, pair);
  if (!unsaid) return unsaid.error();
  auto transaction = store_->begin();
  if (!transaction) return transaction.error();
  Writer writer(*store_, pair.sent->row, now.wall, pair.receipted());
  for (const auto& revocation : officers_.revocations()) {
    const auto ends = [&](const store::OfficerRow& officer) {
      return officer.person == revocation.details().person &&
             officers_.state(officer, now.wall) == OfficerState::kRevoked &&
             pair.sent->announced.contains(officer.certificate.fingerprint());
    };
    if (std::ranges::none_of(officers_.all(), ends)) continue;
    if (const auto done = unsaid->enter(revocation, writer); !done) return done;
  }
  if (const auto done = unsaid->enter_forgotten_names(writer); !done) return done;
  if (writer.row().size() == pair.sent->row.size()) return {};
  if (const auto done = writer.finish(); !done) return done;
  if (const auto done = transaction->commit(); !done) return done;
  pair.sent->row = writer.row();
  return {};
}

Result<void> Office::begin_after_restore(Now now) {
  if (!put_back_) return {};
  const auto put_back = store_->put_back();
  if (!put_back) return put_back.error();
  if (!*put_back) return {};
  auto transaction = store_->begin();
  if (!transaction) return transaction.error();
  const std::string date = to_rfc3339((*put_back)->backup);
  const auto raised = alarms_.raise_within(
      {AlarmCode::kRestored, keys_.id.text(),
       "This store was put back on " + to_rfc3339((*put_back)->put_back) + " from a backup of " +
           date,
       "Each counterpart gives back what is newer as soon as it is connected; then let each "
       "pairing "
       "go on: blo office recover. What the audit trail recorded after the backup is lost.",
       ""},
      now);
  if (!raised) return raised.error();
  Trail::Addition addition(trail_, now);
  const auto begun = addition.begin_next_generation();
  if (!begun) return begun;
  if (const auto done = addition.finish(); !done) return done;
  if (const auto done = store_->forget_put_back(); !done) return done;
  if (const auto done = transaction->commit(); !done) return done;
  addition.keep();
  put_back_ = false;
  return store_->wipe_leftovers();
}

}  // namespace blo::office
