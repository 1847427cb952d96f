// What a batch says of our own journal: the refusals in it, and the heads that its stamps name.
#include "office/incoming.h"
#include "office/records.h"

namespace blo::office {

using journal::RefusalReason;

const journal::Refusal* refusal_in(const journal::ReadEntry& entry) {
  return entry.record ? std::get_if<journal::Refusal>(&*entry.record) : nullptr;
}

Result<journal::RefusedEntry> Incoming::refused_by(const Pair& pair,
                                                   const journal::Refusal& refusal) {
  using Found = journal::RefusedEntry::Found;
  journal::RefusedEntry found{Found::kNothing};
  const auto generations = pair.generations(true);
  const auto row = std::ranges::find(generations, refusal.generation,
                                     [](const auto* one) { return one->origin.generation; });
  if (row == generations.end() || refusal.index >= (*row)->size()) return found;
  const auto stored = store_.journals().entry(**row, refusal.index);
  if (!stored) return stored.error();
  found.found =
      journal::leaf_hash(stored->leaf) == refusal.leaf_hash ? Found::kEntry : Found::kAnother;
  found.is_erasure = find_record<journal::Erasure>(*stored).has_value();
  const auto head = store_.journals().covering_head(**row, refusal.index);
  if (!head) return head.error();
  if (*head) found.receipted = (*head)->size;
  return found;
}

Result<void> Incoming::judge_refusals(const Pair& pair, store::JournalRow& row,
                                      IncomingBatch& batch) {
  std::set<std::pair<std::uint32_t, std::uint64_t>> refused;  // in this batch: generation, index
  std::optional<bool> begins_after_loss;  // until a message comes; asked for once
  for (auto& entry : batch.entries_) {
    if (entry.envelope) begins_after_loss = false;
    const auto* refusal = refusal_in(entry);
    if (refusal == nullptr) continue;
    if (entry.refusal) {
      batch.void_.emplace(entry.index, entry.detail);
      continue;
    }
    if (!begins_after_loss) {
      const auto begins = begins_in_loss(row, batch);
      if (!begins) return begins.error();
      begins_after_loss = *begins;
    }
    auto named = refused_by(pair, *refusal);
    if (!named) return named.error();
    const auto before = store_.journals().index().refusal_of(
        {pair.row.id, true, refusal->generation, refusal->index});
    if (!before) return before.error();
    named->refused_before =
        before->has_value() || refused.contains({refusal->generation, refusal->index});
    const auto worth = journal::judge_refusal(
        *refusal, {entry.index, entry.run, *begins_after_loss}, *named, row.refusing);
    if (worth == journal::RefusalWorth::kCounts) {
      refused.emplace(refusal->generation, refusal->index);
      continue;
    }
    entry.refusal = RefusalReason::kMalformed;
    batch.void_.emplace(entry.index, journal::to_string(worth));
  }
  return {};
}

/// What is said to be our authority's word about this office, and is not.
void Incoming::judge_revocations(IncomingBatch& batch) {
  for (auto& entry : batch.entries_) {
    const auto* record = entry.record && !entry.refusal
                             ? std::get_if<journal::RevocationRecord>(&*entry.record)
                             : nullptr;
    if (record == nullptr) continue;
    const auto revocation = identity::Revocation::parse(record->revocation);
    if (!revocation || revocation->details().kind != identity::CertificateKind::kOffice) continue;
    if (!identity::check_revocation(keys_.authority, *revocation))
      entry.refusal = RefusalReason::kUnauthorised;
  }
}

/// Whether no message stands yet in a generation that began after a loss.
Result<bool> Incoming::begins_in_loss(const store::JournalRow& row, const IncomingBatch& batch) {
  std::optional<journal::Record> first;
  if (row.size() == 0) {
    first = batch.entries_.front().record;
  } else {
    const auto stored = store_.journals().entry(row, 0);
    if (!stored) return stored.error();
    if (auto start = find_record<journal::GenerationStart>(*stored)) first = std::move(*start);
  }
  const auto* start = first ? std::get_if<journal::GenerationStart>(&*first) : nullptr;
  if (start == nullptr || !start->after_loss) return false;
  const auto messages = store_.journals().newest_messages(row, {}, 1);
  if (!messages) return messages.error();
  return messages->empty();
}

/// What the counterpart refused of ours is not waited for any more.
Result<void> Incoming::note_refusals(const Pair& pair, const IncomingBatch& batch) {
  for (const auto& entry : batch.entries_) {
    const auto* refusal =
        entry.record && !entry.refusal ? std::get_if<journal::Refusal>(&*entry.record) : nullptr;
    if (refusal == nullptr) continue;
    for (const auto* row : pair.generations(true)) {
      if (row->origin.generation != refusal->generation || refusal->index >= row->size()) continue;
      if (const auto done = store_.steps().note_done(*row, refusal->index); !done) return done;
    }
  }
  return {};
}

/// Refusals that change nothing.
Result<void> Incoming::raise_about_refusals(const Pair& pair, const IncomingBatch& batch, Now now) {
  if (batch.void_.empty()) return {};
  const std::string& who = pair.counterpart().text();
  const auto& [index, why] = *batch.void_.begin();
  const auto raised = alarms_.raise_within(
      {AlarmCode::kVoidRefusal, who,
       "Entry " + std::to_string(index) + " of " + batch.origin_.text() +
           " refuses something of ours, and changes nothing: " + why,
       "Call " + who + ": what it gave a receipt for, it cannot take back.", batch.checkpoint_},
      now);
  if (!raised) return raised.error();
  return {};
}

/// Stamps that lie about our journal, and one that names what this store has lost.
Result<void> Incoming::raise_about_stamps(const Pair& pair, const IncomingBatch& batch, Now now) {
  const std::string& who = pair.counterpart().text();
  const auto about = [&](const journal::ReadEntry& entry) {
    const auto& stamp = entry.entry->stamp;
    return "Entry " + std::to_string(entry.index) + " of " + batch.origin_.text() + " names " +
           std::to_string(stamp.size) + " entries of generation " +
           std::to_string(stamp.generation) + " of our journal";
  };
  const auto lies =
      std::ranges::find(batch.entries_, RefusalReason::kFalseStamp, &journal::ReadEntry::refusal);
  if (lies != batch.entries_.end()) {
    const auto raised = alarms_.raise_within(
        {AlarmCode::kFalseStamp, who,
         about(*lies) + ", and our journal never was that. It was refused and changes nothing",
         "Call " + who +
             ": their program or somebody there says about our journal what is not so. Nothing "
             "else is wrong with what was exchanged.",
         batch.checkpoint_},
        now);
    if (!raised) return raised.error();
  }
  if (!batch.names_lost_) return {};
  const auto raised = alarms_.raise_within(
      {AlarmCode::kNamesLost, who,
       about(batch.entries_[*batch.names_lost_ - batch.first_]) +
           ": more than was given back to this store",
       "Ask " + who +
           " for an export, and compare it with ours: what is missing here stands there.",
       ""},
      now);
  if (!raised) return raised.error();
  return {};
}

}  // namespace blo::office
