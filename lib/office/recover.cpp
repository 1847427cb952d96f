// A store that was behind goes on: in the next generation, with what it had accepted by itself.
#include "office/entering.h"
#include "office/records.h"
#include "office/retention.h"

namespace blo::office {

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
  if (const auto fine = clock_.check(now); !fine) return fine.error();
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
  if (const auto done = unsaid->enter_refusals(writer); !done) return done.error();
  const auto waiting = store_->drafts().of_next_generation(pair.row.id);
  if (!waiting) return waiting.error();
  Entering entering(*store_, officers_, pair, *unsaid, *begun, now);
  for (const auto& one : *stranded) {
    if (const auto done = entering.enter(one); !done) return done.error();
  }
  for (const auto& one : *waiting) {  // sent after all that
    if (const auto done = entering.enter(one); !done) return done.error();
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
  Recovered recovered{0, entering.entered(), entering.left_out(), entering.awaiting_release()};
  for (const bool ours : {true, false}) {
    for (const auto* generation : pair.generations(ours)) recovered.entries += generation->size();
  }
  pair.row = std::move(row);
  keep_generation(pair, std::move(*begun));
  // It has gone on, whatever comes of the rest, which is tried again.
  static_cast<void>(erase_what_waits(*this, pair, 0, now));
  static_cast<void>(carry_out_orders(*this, pair, now));
  return recovered;
}

Result<void> Office::catch_up(Pair& pair, Now now) {
  if (!pair.carries_messages() || !clock_.believed(now)) return {};
  auto unsaid = Unsaid::of(*store_, officers_, pair);
  if (!unsaid) return unsaid.error();
  auto transaction = store_->begin();
  if (!transaction) return transaction.error();
  Writer writer(*store_, pair.sent->row, clock_.dating(now), pair.receipted());
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
  if (!keys_.certificate.details().valid_at(now.wall))
    return Error(OfficeError::kNoValidTime, to_rfc3339(now.wall));
  auto transaction = store_->begin();
  if (!transaction) return transaction.error();
  const std::string date = to_rfc3339((*put_back)->backup);
  const auto raised = alarms_.raise_within(
      {AlarmCode::kRestored, keys_.id.text(),
       "This store was put back on " + to_rfc3339((*put_back)->put_back) + " from a backup of " +
           date,
       "Each counterpart gives back what is newer as soon as it is connected; then let each "
       "pairing go on: blo office recover. What the audit trail recorded after the backup is lost.",
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
