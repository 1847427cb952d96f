#include "office/recovery.h"

#include "base/limits.h"
#include "office/generations.h"
#include "office/named_heads.h"
#include "office/records.h"

namespace blo::office {
namespace {

/// Where the journal ends under the newest receipt.
std::uint64_t receipted_size(const SentJournal& sent) {
  return sent.head ? sent.head->checkpoint.size : 0;
}

/// A claim is met when as much, or a later generation, is here.
bool meets(const store::JournalRow& row, const sync::Head& claimed) {
  if (row.origin.generation != claimed.generation)
    return row.origin.generation > claimed.generation || claimed.size == 0;
  return row.size() >= claimed.size;
}

/// What of an entry is worth saying again, as it will be read in the next generation: a message,
/// the policy in force, and what was destroyed here of entries below `size`, which stay. What else
/// stood there was about a journal that went on differently.
std::optional<Bytes> worth_keeping(const store::StoredEntry& stored, const store::JournalRow& row,
                                   std::uint64_t size) {
  if (stored.facts.kind != 0 || find_record<journal::Policy>(stored)) return stored.leaf;
  auto erasure = find_record<journal::Erasure>(stored);
  if (!erasure) return std::nullopt;
  const bool own = !erasure->received &&
                   (erasure->generation == 0 || erasure->generation == row.origin.generation);
  if (own && erasure->index >= size) return std::nullopt;
  if (own) erasure->generation = row.origin.generation;
  const auto entry = journal::Entry::parse(stored.leaf);
  return journal::Entry{entry->stamp, journal::encode_record(*erasure)}.encode();
}

}  // namespace

Recovery::Recovery(store::Store& store, const OfficeKeys& keys, Officers& officers,
                   Incoming& incoming, Clock& clock, Pair& pair, sync::Heads claimed)
    : store_(store),
      keys_(keys),
      officers_(officers),
      incoming_(incoming),
      clock_(clock),
      pair_(pair),
      claimed_(std::move(claimed)) {}

/// Keeps aside what is worth it of the entries from `from` on.
Result<void> Recovery::strand(const store::JournalRow& row, std::uint64_t from) {
  std::optional<Error> failed;
  const auto keep = [&](const store::StoredEntry& entry) {
    auto leaf = worth_keeping(entry, row, from);
    if (!leaf) return true;
    auto body = store_.journals().body(row, entry.index);
    auto key = store_.journals().import_key(row, entry.index);
    if (!body || !key) {
      failed = body ? key.error() : body.error();
      return false;
    }
    const auto put = store_.stranded().put(
        pair_.row.id, {0, std::move(*leaf), std::move(*key), std::move(*body)});
    if (!put) failed = put.error();
    return put.has_value();
  };
  const auto read = store_.journals().entries(row, from, row.size(), keep);
  if (!read) return read;
  if (failed) return *failed;
  return {};
}

/// Our newest generation as it ends under its receipt.
Result<store::JournalRow> Recovery::cut_to_receipt() {
  const SentJournal& sent = *pair_.sent;
  const std::uint64_t size = receipted_size(sent);
  store::JournalRow row = sent.row;
  if (const auto done = store_.journals().cut(row, size); !done) return done.error();
  row.frontier = sent.head ? sent.head->frontier : journal::Frontier();
  row.last_stamp = {};
  if (size > 0) {
    const auto last = store_.journals().entry(row, size - 1);
    if (!last) return last.error();
    const auto entry = journal::Entry::parse(last->leaf);
    if (!entry) return entry.error();
    row.last_stamp = entry->stamp;
  }
  const auto newest = store_.journals().newest_sure_time(row);
  if (!newest) return newest.error();
  row.last_stamp.time = *newest;
  row.last_stamp.unsure = false;
  if (const auto done = store_.journals().save(row); !done) return done.error();
  return row;
}

Result<void> Recovery::strand_unreceipted() {
  SentJournal& sent = *pair_.sent;
  const bool never_was = !sent.head && !sent.earlier.empty();
  if (sent.row.size() == receipted_size(sent) && !never_was) return {};
  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  if (const auto done = strand(sent.row, receipted_size(sent)); !done) return done;
  if (never_was) {
    if (const auto done = store_.journals().remove(sent.row); !done) return done;
    auto before = load_sent(store_, keys_, Use::kOnlyRead, sent.earlier);
    if (!before) return before.error();
    if (const auto done = transaction->commit(); !done) return done;
    sent = std::move(*before);
    return store_.wipe_leftovers();  // its key
  }
  auto row = cut_to_receipt();
  if (!row) return row.error();
  if (const auto done = transaction->commit(); !done) return done;
  sent.row = std::move(*row);
  return {};
}

const store::JournalRow& Recovery::newest() const {
  return phase_ == Phase::kOurs ? pair_.sent->row : pair_.received->row;
}

std::optional<sync::Recall> Recovery::question() const {
  if (phase_ == Phase::kDone) return std::nullopt;
  const store::JournalRow& row = newest();
  const bool theirs = phase_ == Phase::kTheirs;
  if (next_generation_) return sync::Recall{theirs, row.origin.generation + 1, 0};
  return sync::Recall{theirs, row.origin.generation, row.size()};
}

bool Recovery::complete() const {
  return phase_ == Phase::kDone && meets(pair_.sent->row, claimed_.yours) &&
         meets(pair_.received->row, claimed_.mine);
}

Result<void> Recovery::take(const sync::RecallBegin& begin) {
  const auto asked = question();
  if (!asked || begin.mine != asked->yours || begin.generation != asked->generation ||
      begin.first != asked->first) {
    return Error(sync::SyncError::kOutOfOrder, "an answer to another question");
  }
  // Without one there is none of that generation: the counterpart has lost it, too.
  const bool other = !begin.certificate.empty() && begin.certificate != newest().certificate;
  if (!next_generation_ && other)
    return Error(OfficeError::kHeadMismatch, "the certificate of " + newest().origin.text());
  certificate_ = begin.certificate;
  const std::uint64_t newest_first = next_generation_ ? 0 : newest().size();
  receiver_.emplace(newest_first, limits::kBatchesInFlightMax);
  return {};
}

Result<void> Recovery::take(sync::Items items) { return receiver_->take(std::move(items)); }
Result<void> Recovery::take(sync::BodyChunk chunk) { return receiver_->take(std::move(chunk)); }

Result<void> Recovery::take(const sync::RecallEnd& end, Now now) {
  if (!receiver_) return Error(sync::SyncError::kOutOfOrder, "an answer to nothing");
  if (end.checkpoint.empty()) {
    // Of the newest generation here nothing follows; of the one after it there is nothing.
    if (next_generation_) phase_ = phase_ == Phase::kOurs ? Phase::kTheirs : Phase::kDone;
    next_generation_ = !next_generation_;
    receiver_.reset();
    return {};
  }
  auto batch = receiver_->take(sync::BatchEnd{end.checkpoint});
  receiver_.reset();
  if (!batch) return batch.error();
  if (certificate_.empty()) return Error(sync::SyncError::kOutOfOrder, "entries of no generation");
  const journal::Cosignature receipt{end.receipt->time_s.unjudged(), end.receipt->signature};
  const auto kept = phase_ == Phase::kOurs ? keep_ours(std::move(*batch), receipt, now)
                                           : keep_theirs(std::move(*batch), receipt, now);
  if (kept) next_generation_ = false;
  return kept;
}

Result<void> Recovery::keep_theirs(sync::Batch batch, const journal::Cosignature& receipt,
                                   Now now) {
  std::optional<NextGeneration> next;
  if (next_generation_) {
    next = next_generation(pair_, certificate_);
    if (!next) return Error(OfficeError::kHeadMismatch, "the certificate of the next generation");
  }
  auto reader = next ? Result<journal::Reader>(journal::Reader(next->origin, pair_.theirs->office))
                     : reader_at_end(store_, pair_);
  if (!reader) return reader.error();
  if (next) reader->resume(0, pair_.received->row.stamps().at_next_generation(), {});
  const std::uint32_t generation = reader->origin().generation;
  // What this office then called false moves nothing now.
  NamedHeads heads(store_, pair_);
  const auto judge_stamp = [&](std::uint64_t index,
                               const journal::Stamp& stamp) -> Result<journal::StampVerdict> {
    const auto before =
        store_.journals().index().refusal_of({pair_.row.id, false, generation, index});
    if (!before) return before.error();
    const bool lied = *before && (*before)->reason == journal::RefusalReason::kFalseStamp;
    if (lied) return journal::StampVerdict::kFalse;
    return heads.judge(stamp);
  };
  auto judged = IncomingBatch::read(*reader, std::move(batch), receipt.time_s, judge_stamp);
  if (!judged) return judged.error();
  judged->judge(0, judged->size());
  return incoming_.take_back(pair_, std::move(*judged), receipt, now);
}

}  // namespace blo::office
