// What this office had receipted and lost, taken back: the same entries, the same refusals, the
// same receipts.
#include "office/incoming.h"

namespace blo::office {

/// A body that is not there any more was erased since, or refused with its entry. What this office
/// destroyed of its own copy does not come back.
Result<void> Incoming::judge_as_before(const Pair& pair, IncomingBatch& batch) {
  auto& index = store_.journals().index();
  for (std::size_t i = 0; i < batch.entries_.size(); ++i) {
    auto& entry = batch.entries_[i];
    const store::EntryName name{pair.row.id, false, batch.origin_.generation, entry.index};
    const auto before = index.refusal_of(name);
    if (!before) return before.error();
    if (*before) {
      entry.refusal = (*before)->reason;
    } else if (entry.refusal == journal::RefusalReason::kUnopenable &&
               batch.items_[i].content_key.empty()) {
      entry.refusal.reset();
    }
    const auto destroyed = index.erased_by_us(name);
    if (!destroyed) return destroyed.error();
    if (*destroyed) batch.items_[i].content_key.clear();
  }
  return {};
}

Result<void> Incoming::take_back(Pair& pair, IncomingBatch batch,
                                 const journal::Cosignature& receipt, Now now) {
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
  if (const auto done = judge_as_before(pair, batch); !done) return done;

  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  if (const auto done = begin_if_new(*target); !done) return done;
  if (const auto done = mark_duplicates(pair, batch); !done) return done;
  if (const auto done = judge_erasures(pair, target->row, batch); !done) return done;
  judge_revocations(batch);
  if (const auto done = judge_refusals(pair, target->row, batch); !done) return done;
  if (const auto done = store_entries(pair, target->row, batch, now); !done) return done;
  if (const auto done = note_refusals(pair, batch); !done) return done;
  // As it was when they came first.
  const WallTime then = from_unix_s(receipt.time_s);
  if (const auto done = erase(pair, target->row, batch, then); !done) return done;
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
  return forget_erased(pair, batch, then);
}

}  // namespace blo::office
