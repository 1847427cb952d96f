// A store that was behind goes on: in the next generation, with what it had accepted by itself.
#include "office/holds.h"
#include "office/records.h"
#include "office/steps.h"

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

struct Office::AlreadySaid {
  std::set<std::tuple<bool, std::uint32_t, std::uint64_t>> erased;  // received; generation; index
  std::map<std::uint32_t, std::set<std::uint64_t>> refused;         // generation: indexes
};

Result<Office::AlreadySaid> Office::already_said(const Pair& pair) {
  AlreadySaid said;
  for (const auto* row : pair.generations(true)) {
    const auto records = store_->journals().records(*row);
    if (!records) return records.error();
    for (const auto& stored : *records) {
      if (const auto refusal = find_record<journal::Refusal>(stored)) {
        said.refused[refusal->generation].insert(refusal->index);
      } else if (const auto erasure = find_record<journal::Erasure>(stored)) {
        const auto generation =
            erasure->generation == 0 ? row->origin.generation : erasure->generation;
        said.erased.emplace(erasure->received, generation, erasure->index);
      }
    }
  }
  return said;
}

/// What this store does not accept of what it was given back: a hold that stands here again.
Result<void> Office::enter_missing_refusals(const Pair& pair, const AlreadySaid& said,
                                            BegunGeneration& begun) {
  for (const auto* row : pair.generations(false)) {
    const std::uint32_t generation = row->origin.generation;
    const auto found = said.refused.find(generation);
    if (row->refused == (found == said.refused.end() ? 0 : found->second.size())) continue;
    std::optional<Error> failed;
    const auto enter = [&](const store::StoredEntry& stored) {
      if (!stored.facts.refusal) return true;
      if (found != said.refused.end() && found->second.contains(stored.index)) return true;
      const auto added = begun.writer.add_record(journal::Refusal{
          generation, stored.index, journal::leaf_hash(stored.leaf), *stored.facts.refusal});
      if (!added) failed = added.error();
      return added.has_value();
    };
    const auto read = store_->journals().entries(*row, 0, row->size(), enter);
    if (!read) return read;
    if (failed) return *failed;
  }
  return {};
}

/// Names that were forgotten while the pairing was frozen, or that came back with their entries.
Result<void> Office::forget_again(const Pair& pair, AlreadySaid& said, BegunGeneration& begun) {
  for (const auto& revocation : officers_.revocations()) {
    const std::uint64_t person = revocation.details().person;
    const auto* officer = officers_.newest(person);
    if (officer == nullptr || !officer->name.name.empty()) continue;
    for (const auto* row : pair.generations(true)) {
      const auto indexes = introductions_of(*store_, *row, person);
      if (!indexes) return indexes.error();
      for (const std::uint64_t index : *indexes) {
        if (!said.erased.emplace(false, row->origin.generation, index).second) continue;
        if (const auto done = store_->journals().erase_body(*row, index); !done) return done;
        const auto added = begun.writer.add_record(
            journal::Erasure{index, kForgottenRule, 0, row->origin.generation});
        if (!added) return added.error();
      }
    }
  }
  return {};
}

/// A message that the counterpart turned out to have is not said again. True: one was.
Result<bool> Office::reenter(const store::StrandedRow& stranded, const Pair& pair,
                             AlreadySaid& said, BegunGeneration& begun) {
  const store::StoredEntry stored{0, stranded.leaf, {}};
  if (auto policy = find_record<journal::Policy>(stored)) {
    begun.policy = std::move(*policy);
    const auto added = begun.writer.add_record(begun.policy);
    if (!added) return added.error();
    return false;
  }
  if (const auto erasure = find_record<journal::Erasure>(stored)) {
    const bool new_here =
        said.erased.emplace(erasure->received, erasure->generation, erasure->index).second;
    if (!new_here) return false;
    if (const auto added = begun.writer.add_record(*erasure); !added) return added.error();
    return false;
  }
  auto entry = journal::Entry::parse(stranded.leaf);
  if (!entry) return entry.error();
  auto* message = std::get_if<journal::SignedEnvelope>(&entry->what);
  if (message == nullptr || !stranded.body.content_key)
    return Error(store::StoreError::kCorrupt, "a stranded message");
  const auto envelope = journal::Envelope::parse(message->envelope);
  if (!envelope) return envelope.error();
  const auto earlier = store_->journals().find_message(pair.row.id, envelope->message_id);
  if (!earlier) return earlier.error();
  if (*earlier) return false;
  const auto opened = opened_before(*store_, pair, *envelope);
  if (!opened) return opened.error();
  if (*opened) return false;
  std::vector<identity::Fingerprint> signers{envelope->officer};
  if (message->release) signers.push_back(message->release->officer);
  for (const auto& signer : signers) {
    const auto* officer = officers_.find(signer);
    if (officer == nullptr || !begun.announced.insert(signer).second) continue;
    if (const auto added = begun.writer.add_officer(*officer); !added) return added.error();
  }
  const Writer::Body body{stranded.body.sealed, stranded.body.content_key->clone()};
  const auto index = begun.writer.add_message(std::move(*message), *envelope, body);
  if (!index) return index.error();
  const auto& row = begun.writer.row();
  const WallTime stamp = row.last_stamp.time;
  const auto noted = note_message(*store_, pair, row, *index, *envelope, stamp, stamp);
  if (!noted) return noted.error();
  if (stranded.import_key.empty()) return true;
  const auto put = store_->journals().put_imported(stranded.import_key, begun.writer.row(), *index);
  if (!put) return put.error();
  return true;
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
  auto begun = begin_generation(pair, now);
  if (!begun) return begun.error();
  const auto stranded = store_->stranded().of_pairing(pair.row.id);
  if (!stranded) return stranded.error();
  auto said = already_said(pair);
  if (!said) return said.error();
  if (const auto done = enter_missing_refusals(pair, *said, *begun); !done) return done.error();
  Recovered recovered{0, 0};
  if (const auto done = forget_again(pair, *said, *begun); !done) return done.error();
  for (const auto& one : *stranded) {
    const auto again = reenter(one, pair, *said, *begun);
    if (!again) return again.error();
    if (*again) ++recovered.reentered;
    if (const auto done = store_->stranded().remove(one); !done) return done.error();
  }
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
  if (const auto done = store_->wipe_leftovers(); !done) return done.error();
  // A hold may have been lifted meanwhile.
  if (const auto erased = erase_what_waits(*this, pair, 0, now); !erased) return erased.error();
  return recovered;
}

Result<void> Office::begin_after_restore(Now now) {
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
  return store_->wipe_leftovers();
}

}  // namespace blo::office
