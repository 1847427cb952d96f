// What this office had receipted and lost, taken back: the same entries, the same refusals, the
// same receipts.
#include "office/incoming.h"
#include "office/records.h"

namespace blo::office {

Result<Incoming::Said> Incoming::said_of(const Pair& pair, std::uint32_t generation) {
  Said said;
  for (const auto* row : pair.generations(true)) {
    const auto records = store_.journals().records(*row);
    if (!records) return records.error();
    for (const auto& stored : *records) {
      const auto refusal = find_record<journal::Refusal>(stored);
      if (refusal && refusal->generation == generation)
        said.refused.emplace(refusal->index, refusal->reason);
      const auto erasure = find_record<journal::Erasure>(stored);
      if (erasure && erasure->received) said.destroyed.emplace(erasure->generation, erasure->index);
    }
  }
  return said;
}

/// A body that is not there any more was erased since, or refused with its entry. What this office
/// destroyed of its own copy does not come back.
void Incoming::judge_as_before(const Said& said, IncomingBatch& batch) {
  for (std::size_t i = 0; i < batch.entries_.size(); ++i) {
    auto& entry = batch.entries_[i];
    const auto before = said.refused.find(entry.index);
    if (before != said.refused.end()) {
      entry.refusal = before->second;
    } else if (entry.refusal == journal::RefusalReason::kUnopenable &&
               batch.items_[i].content_key.empty()) {
      entry.refusal.reset();
    }
    if (said.destroyed.contains({batch.origin_.generation, entry.index}))
      batch.items_[i].content_key.clear();
  }
}

Result<void> Incoming::take_back(Pair& pair, IncomingBatch batch, const Said& said,
                                 const journal::Cosignature& receipt) {
  auto& received = *pair.received;
  auto target = target_of(pair, batch);
  if (!target) return target.error();
  journal::Frontier frontier = target->row.frontier;
  const auto signed_head = open_head(*target, batch, frontier);
  if (!signed_head) return signed_head.error();
  if (!journal::verify_cosignature(signed_head->note.text, receipt, keys_.receipt.verify_key()))
    return Error(OfficeError::kBadReceipt, "it is said to be ours, which it is not");
  const bool goes_back =
      received.head && !target->begins && receipt.time_s < received.head->receipt.time_s;
  if (goes_back) return Error(OfficeError::kBadReceipt, "one of ours that came before a later one");
  judge_as_before(said, batch);

  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  if (const auto done = begin_if_new(*target); !done) return done;
  if (const auto done = mark_duplicates(pair, batch); !done) return done;
  if (const auto done = judge_erasures(pair, target->row, batch, said); !done) return done;
  judge_revocations(batch);
  if (const auto done = judge_refusals(pair, target->row, batch); !done) return done;
  if (const auto done = store_entries(pair, target->row, batch, std::nullopt); !done) return done;
  if (const auto done = note_refusals(pair, batch); !done) return done;
  if (const auto done = erase(pair, target->row, batch); !done) return done;
  const store::StoredHead stored{signed_head->checkpoint.size, bare_note(*signed_head, target->key),
                                 frontier, receipt.time_s, std::nullopt};
  if (const auto done = store_.journals().put_head(target->row, stored); !done) return done;
  if (const auto done = store_.note_given_back(from_unix_s(receipt.time_s)); !done) return done;
  if (const auto done = transaction->commit(); !done) return done;

  if (target->begins) received.earlier.push_back(std::move(received.row));
  received.row = std::move(target->row);
  received.key = target->key;
  introduce(received, batch);
  if (auto standing = standing_after(received.standing, batch)) {
    static_cast<void>(standing->take_news());  // people heard of it when it came first
    received.standing = std::move(standing);
  }
  received.head = ReceiptedHead{signed_head->checkpoint, stored.note, std::move(frontier), receipt};
  return forget_erased(pair, batch);
}

}  // namespace blo::office
