#include "office/incoming.h"

#include "journal/across/rules.h"
#include "message/message.h"
#include "office/generations.h"
#include "office/records.h"
#include "office/steps.h"
#include "seal/body.h"

namespace blo::office {

using journal::RefusalReason;

Result<void> check_body(const journal::ParsedLeaf& leaf, const sync::Item& item) {
  const auto bytes = journal::body_bytes(leaf);
  if (item.content_key.empty() || !bytes || (*bytes > 0 && item.body.size() == *bytes)) return {};
  return Error(sync::SyncError::kMalformed,
               *bytes == 0 ? "a body where none belongs" : "a body of another size");
}

IncomingBatch::IncomingBatch(const Origin& origin, sync::Batch batch, std::uint64_t receipt_s)
    : origin_(origin),
      first_(batch.first),
      items_(std::move(batch.items)),
      checkpoint_(std::move(batch.checkpoint)),
      receipt_s_(receipt_s) {}

Result<IncomingBatch> IncomingBatch::read(journal::Reader& reader, sync::Batch batch,
                                          std::uint64_t receipt_s, const StampJudge& judge_stamp) {
  IncomingBatch read(reader.origin(), std::move(batch), receipt_s);
  const WallTime received = from_unix_s(receipt_s);
  read.entries_.reserve(read.items_.size());
  for (const auto& item : read.items_) {
    auto leaf = journal::parse_leaf(item.entry);
    if (const auto fine = check_body(leaf, item); !fine) return fine.error();
    auto verdict = journal::StampVerdict::kHolds;
    if (leaf.entry) {
      const auto judged = judge_stamp(reader.next(), leaf.entry->stamp);
      if (!judged) return judged.error();
      verdict = *judged;
    }
    if (verdict == journal::StampVerdict::kLost && !read.names_lost_)
      read.names_lost_ = reader.next();
    read.entries_.push_back(reader.read(std::move(leaf), verdict, received));
    if (const auto failure = reader.times().failure()) return *failure;
  }
  read.stamps_after_ = reader.stamps();
  return read;
}

void IncomingBatch::judge(std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    auto& entry = entries_[i];
    if (entry.refusal) continue;
    if (!journal::check_signatures(entry)) {
      entry.refusal = RefusalReason::kBadSignature;
    } else if (entry.envelope) {
      judge_message(i);
    } else if (entry.record && std::holds_alternative<journal::CertificateRecord>(*entry.record)) {
      judge_name(i);
    }
  }
}

void IncomingBatch::judge_message(std::size_t i) {
  auto& entry = entries_[i];
  const auto& item = items_[i];
  const auto& envelope = *entry.envelope;
  if (!envelope.attachments.empty()) {
    entry.refusal = RefusalReason::kNotTaken;
    return;
  }
  if (item.content_key.empty()) {
    entry.refusal = RefusalReason::kUnopenable;
    return;
  }
  const auto opened = seal::open_body(crypto::Key(ByteView(item.content_key)),
                                      entry.entry->bound_bytes(), item.body);
  if (!opened) {
    entry.refusal = RefusalReason::kUnopenable;
  } else if (seal::padded_bytes(opened->content.size()) != envelope.padded_bytes ||
             seal::commit_to_content(opened->salt, opened->content) != envelope.commitment) {
    entry.refusal = RefusalReason::kMismatch;
  } else if (!message::validate(envelope.kind, opened->content)) {
    entry.refusal = RefusalReason::kInvalidContent;
  }
}

/// A certificate may come without the name (erased); with one, it must be the name committed to.
void IncomingBatch::judge_name(std::size_t i) {
  auto& entry = entries_[i];
  const auto& item = items_[i];
  if (item.content_key.empty()) return;
  const auto& record = std::get<journal::CertificateRecord>(*entry.record);
  const auto certificate = identity::Certificate::parse(record.certificate);
  const auto opened = seal::open_body(crypto::Key(ByteView(item.content_key)),
                                      entry.entry->bound_bytes(), item.body);
  if (!opened) {
    entry.refusal = RefusalReason::kUnopenable;
  } else if (!certificate || certificate->details().name_commitment !=
                                 identity::commit_to_name(opened->salt, opened->content)) {
    entry.refusal = RefusalReason::kMismatch;
  } else if (!identity::OfficerName::parse(opened->content)) {
    entry.refusal = RefusalReason::kNameForm;
  }
}

Incoming::Incoming(store::Store& store, const OfficeKeys& keys, Alarms& alarms, Clock& clock)
    : store_(store), keys_(keys), alarms_(alarms), clock_(clock) {}

/// The envelope, as signed, of a message that stands in one of the pairing's journals.
Result<Bytes> Incoming::envelope_at(const Pair& pair, std::int64_t journal, std::uint64_t index) {
  const auto* row = pair.find_journal(journal);
  if (row == nullptr) return Bytes();
  const auto stored = store_.journals().entry(*row, index);
  if (!stored) return stored.error();
  const auto entry = journal::Entry::parse(stored->leaf);
  return entry ? to_bytes(entry->bound_bytes()) : Bytes();
}

/// A message uses up its id wherever nobody but its receiver can refuse it: an auditor, who has no
/// bodies, comes to the same duplicates.
bool uses_up_id(const journal::ReadEntry& entry) {
  return entry.envelope && (!entry.refusal || journal::is_receivers_own(*entry.refusal));
}

Result<void> Incoming::mark_duplicates(Pair& pair, IncomingBatch& batch) {
  std::map<MessageId, const journal::ReadEntry*> here;
  for (auto& entry : batch.entries_) {
    if (!uses_up_id(entry)) continue;
    const auto earlier = store_.journals().find_message(pair.row.id, entry.envelope->message_id);
    if (!earlier) return earlier.error();
    const auto [first, is_first] = here.emplace(entry.envelope->message_id, &entry);
    if (!*earlier && is_first) continue;
    entry.refusal = RefusalReason::kDuplicate;
    const auto before = *earlier ? envelope_at(pair, (*earlier)->first, (*earlier)->second)
                                 : Result<Bytes>(to_bytes(first->second->entry->bound_bytes()));
    if (!before) return before.error();
    if (!equal(*before, entry.entry->bound_bytes())) batch.two_contents_.push_back(entry.index);
  }
  return {};
}

/// An opened or acted answers a message of ours that the counterpart may have read.
Result<void> Incoming::judge_steps(const Pair& pair, IncomingBatch& batch) {
  for (auto& entry : batch.entries_) {
    if (entry.refusal || !entry.envelope || !journal::is_step(entry.envelope->kind)) continue;
    const auto answered = find_answered(store_, pair, true, *entry.envelope->in_reply_to);
    if (!answered) return answered.error();
    if (*answered) continue;
    entry.refusal = RefusalReason::kInvalidContent;
    entry.detail = "it answers no message of the opposite journal";
  }
  return {};
}

/// What asks us to destroy something. What the counterpart destroys of our journal is its own copy.
const journal::Erasure* erasure_in(const journal::ReadEntry& entry) {
  const auto* erasure =
      entry.record && !entry.refusal ? std::get_if<journal::Erasure>(&*entry.record) : nullptr;
  return erasure != nullptr && !erasure->received ? erasure : nullptr;
}

/// As erasure_in, of what is carried out at that time and does not wait.
const journal::Erasure* due_erasure_in(const journal::ReadEntry& entry, WallTime time) {
  const auto* erasure = erasure_in(entry);
  return erasure != nullptr && !is_ahead(entry.entry->stamp, time) ? erasure : nullptr;
}

/// What an erasure in the batch names; no value: nothing that can be erased.
Result<std::optional<Erasable>> Incoming::named_by(const Pair& pair, const IncomingBatch& batch,
                                                   const store::JournalRow& own,
                                                   const journal::Erasure& erasure) {
  const auto* row = journal_of(pair, own, erasure);
  if (row == &own && erasure.index >= batch.first_) {  // the reader has seen that it is there
    const auto& entry = batch.entries_[erasure.index - batch.first_];
    if (!journal::is_erasable(entry)) return std::optional<Erasable>();
    if (entry.envelope) return std::optional(Erasable{entry.envelope});
    return erasable_in({entry.index, batch.items_[erasure.index - batch.first_].entry, {}});
  }
  if (row == nullptr || erasure.index >= row->size()) return std::optional<Erasable>();
  const auto stored = store_.journals().entry(*row, erasure.index);
  if (!stored) return stored.error();
  return erasable_in(*stored);
}

Result<void> Incoming::judge_erasures(const Pair& pair, const store::JournalRow& own,
                                      IncomingBatch& batch) {
  // Of a store that is given back more may be to come.
  const bool whole = pair.row.recovery != store::Recovery::kRecovering;
  for (auto& entry : batch.entries_) {
    const auto* erasure =
        entry.record && !entry.refusal ? std::get_if<journal::Erasure>(&*entry.record) : nullptr;
    if (erasure == nullptr || (erasure->received && !whole)) continue;
    const auto named = named_by(pair, batch, own, *erasure);
    if (!named) return named.error();
    if (!*named) {
      entry.refusal = RefusalReason::kUnauthorised;
    } else if (!erasure->received) {
      const auto* row = journal_of(pair, own, *erasure);
      const auto held = is_held(store_, pair, *row, **named);
      if (!held) return held.error();
      if (!*held) continue;
      const auto destroyed =
          store_.journals().index().erased_by_us(store::name_of(*row, erasure->index));
      if (!destroyed) return destroyed.error();
      if (!*destroyed) entry.refusal = RefusalReason::kHeld;
    }
  }
  return {};
}

Result<void> Incoming::erase(const Pair& pair, const store::JournalRow& own,
                             const IncomingBatch& batch, WallTime time) {
  for (const auto& entry : batch.entries_) {
    const auto* erasure = erasure_in(entry);
    if (erasure == nullptr) continue;
    if (is_ahead(entry.entry->stamp, time)) {
      const auto put = store_.clock().put_ahead(own, entry.index, entry.entry->stamp.time);
      if (!put) return put;
      continue;
    }
    const auto* row = journal_of(pair, own, *erasure);
    if (const auto done = store_.journals().erase_body(*row, erasure->index); !done) return done;
  }
  return {};
}

/// What the erasures of a committed batch leave in memory and in files.
Result<void> Incoming::forget_erased(Pair& pair, const IncomingBatch& batch, WallTime time) {
  auto& authors = pair.received->authors;
  bool erased = false;
  for (const auto& entry : batch.entries_) {
    const auto* erasure = due_erasure_in(entry, time);
    if (erasure == nullptr) continue;
    erased = true;
    const auto* row = journal_of(pair, pair.received->row, *erasure);
    const auto stored = store_.journals().entry(*row, erasure->index);
    if (!stored) return stored.error();
    const auto certificate = introduced_in(*stored);
    const auto author = certificate ? authors.find(certificate->fingerprint()) : authors.end();
    if (author != authors.end()) author->second.name = {};
  }
  return erased ? store_.wipe_leftovers() : Result<void>();
}

/// What an honest office never sends.
Result<void> Incoming::raise_lies(const Pair& pair, const IncomingBatch& batch, Now now) {
  const std::string& who = pair.counterpart().text();
  std::vector<std::uint64_t> forged;
  for (const auto& entry : batch.entries_) {
    if (entry.refusal == RefusalReason::kBadSignature) forged.push_back(entry.index);
  }
  const auto entry_text = [&](std::uint64_t index) {
    return "entry " + std::to_string(index) + " of " + batch.origin_.text();
  };
  if (!forged.empty()) {
    const auto raised = alarms_.raise_within(
        {AlarmCode::kForgedSignature, who,
         "An officer's signature in " + entry_text(forged.front()) +
             " does not hold. It was refused, and nobody is shown as its author",
         "Call the security officer of " + who +
             ": its office let something in that its officer did not sign.",
         "", forged.size()},
        now);
    if (!raised) return raised.error();
  }
  if (batch.two_contents_.empty()) return {};
  const auto raised = alarms_.raise_within(
      {AlarmCode::kTwoContents, who,
       "The message id of " + entry_text(batch.two_contents_.front()) +
           " stands over another content before it. The later one was refused",
       "Call the security officer of " + who +
           ": its officer signed two messages under one id, or its program is at fault.",
       "", batch.two_contents_.size()},
      now);
  if (!raised) return raised.error();
  return {};
}

/// At most one alarm of a kind is open for a counterpart, whatever it sends.
Result<void> Incoming::raise_alarms(const Pair& pair, const IncomingBatch& batch, Now now) {
  if (const auto done = raise_about_stamps(pair, batch, now); !done) return done;
  if (const auto done = raise_about_refusals(pair, batch, now); !done) return done;
  if (const auto raised = raise_lies(pair, batch, now); !raised) return raised;
  if (const auto raised = raise_about_erasures(pair, batch, now); !raised) return raised;
  const std::string& who = pair.counterpart().text();
  for (const auto& entry : batch.entries_) {
    if (entry.refusal == RefusalReason::kSuperseded) {
      const auto raised = alarms_.raise_within(
          {AlarmCode::kOldStatement, who,
           "Entry " + std::to_string(entry.index) + " of " + batch.origin_.text() +
               " shows an older statement than one that stands before it: " + entry.detail +
               ". It was refused and changes nothing",
           "Call the security officer of " + who + ": somebody may hold an old certificate.", ""},
          now);
      if (!raised) return raised.error();
    }
    const auto* refusal =
        entry.record && !entry.refusal ? std::get_if<journal::Refusal>(&*entry.record) : nullptr;
    if (refusal == nullptr) continue;
    const auto raised = alarms_.raise_within(
        {AlarmCode::kRefusedByCounterpart, who,
         who + " stores entry " + std::to_string(refusal->index) + " of " +
             pair.sent->row.origin.text() +
             " and does not accept it: " + std::string(journal::to_string(refusal->reason)),
         "Look at blo outbox, and call the counterpart: others may have been refused, too.", ""},
        now);
    if (!raised) return raised.error();
  }
  return {};
}

Result<void> Incoming::store_entries(const Pair& pair, store::JournalRow& row,
                                     const IncomingBatch& batch, Now now) {
  for (std::size_t i = 0; i < batch.entries_.size(); ++i) {
    const auto& entry = batch.entries_[i];
    const auto& item = batch.items_[i];
    store::EntryFacts facts{0, {}, entry.refusal};
    if (entry.envelope) facts.kind = entry.envelope->kind;
    if (uses_up_id(entry)) facts.message_id = entry.envelope->message_id;
    const std::uint64_t index = row.size();
    const journal::Record* record = entry.record ? &*entry.record : nullptr;
    const auto appended = store_.journals().append(row, item.entry, entry.leaf_hash, facts, record);
    if (!appended) return appended;
    if (entry.is_sure()) {
      const auto noted = store_.journals().note_sure_time(row, index, entry.entry->stamp.time);
      if (!noted) return noted;
    }
    if (entry.refusal) continue;
    if (!item.content_key.empty()) {
      const auto put = store_.journals().put_body(row, index, item.body,
                                                  crypto::Key(ByteView(item.content_key)));
      if (!put) return put;
    }
    if (!entry.envelope) continue;
    const auto noted = note_message(store_, pair, row, index, *entry.envelope, now);
    if (!noted) return noted;
  }
  row.last_stamp = batch.stamps_after_.last();
  row.run = batch.stamps_after_.run();
  return store_.journals().save(row);
}

Result<Incoming::Target> Incoming::target_of(const Pair& pair, const IncomingBatch& batch) {
  const auto& received = *pair.received;
  if (batch.origin_ == received.row.origin) return Target{received.row, received.key, false};
  if (const auto follows = check_follows(received, batch.entries_.front()); !follows)
    return follows.error();
  const auto& start = std::get<journal::GenerationStart>(*batch.entries_.front().record);
  const auto next = next_generation(pair, start.journal_certificate);
  if (!next || next->origin != batch.origin_)
    return Error(OfficeError::kHeadMismatch, batch.origin_.text());
  Target target{received.row, next->key, true};
  target.row = {0, pair.row.id, next->origin, false, next->certificate.bytes(), {}, {}, 0};
  return target;
}

Result<journal::SignedCheckpoint> Incoming::open_head(const Target& target,
                                                      const IncomingBatch& batch,
                                                      journal::Frontier& frontier) {
  BLO_CHECK(batch.first_ == frontier.size());  // only the session that talks brings batches
  auto signed_head = journal::open_checkpoint(batch.checkpoint_, target.row.origin, target.key);
  if (!signed_head) return signed_head.error();
  for (const auto& entry : batch.entries_) frontier.append(entry.leaf_hash);
  const journal::Checkpoint& head = signed_head->checkpoint;
  if (head.size != frontier.size() || head.root != frontier.root())
    return Error(OfficeError::kHeadMismatch, "size " + std::to_string(head.size));
  return signed_head;
}

Result<void> Incoming::begin_if_new(Target& target) {
  if (!target.begins) return {};
  const store::JournalRow& row = target.row;
  auto created = store_.journals().create(row.pairing, row.origin, false, row.certificate, nullptr);
  if (!created) return created.error();
  target.row = std::move(*created);
  return {};
}

/// Our own journal says what of the batch was not accepted.
Result<std::uint64_t> Incoming::enter_refusals(Writer& writer, const IncomingBatch& batch) {
  std::uint64_t refusals = 0;
  for (const auto& entry : batch.entries_) {
    if (!entry.refusal || refusal_in(entry) != nullptr) continue;
    const auto added = writer.add_record(
        journal::Refusal{batch.origin_.generation, entry.index, entry.leaf_hash, *entry.refusal});
    if (!added) return added.error();
    ++refusals;
  }
  if (refusals > 0) {
    if (const auto done = writer.finish(); !done) return done.error();
  }
  return refusals;
}

/// The officers a committed batch introduces.
void Incoming::introduce(ReceivedJournal& received, const IncomingBatch& batch) {
  for (std::size_t i = 0; i < batch.entries_.size(); ++i) {
    const auto& entry = batch.entries_[i];
    if (!introduces(entry.refusal) || !entry.record ||
        !std::holds_alternative<journal::CertificateRecord>(*entry.record))
      continue;
    const auto certificate = identity::Certificate::parse(
        std::get<journal::CertificateRecord>(*entry.record).certificate);
    if (!certificate) continue;
    store::StoredBody body;
    if (!entry.refusal && !batch.items_[i].content_key.empty()) {
      body = {batch.items_[i].body, crypto::Key(ByteView(batch.items_[i].content_key))};
    }
    received.authors[certificate->fingerprint()] =
        to_author(*certificate, entry.entry->bound_bytes(), body);
  }
}

namespace {

/// What store_batch() changes of a pair, as it was.
class Before {
 public:
  explicit Before(const Pair& pair)
      : received_(pair.received->row),
        key_(pair.received->key),
        head_(pair.received->head),
        standing_(pair.received->standing),
        earlier_(pair.received->earlier.size()),
        sent_(pair.sent->row) {}

  void restore(Pair& pair) {
    auto& received = *pair.received;
    received.row = std::move(received_);
    received.key = key_;
    received.head = std::move(head_);
    received.standing = std::move(standing_);
    while (received.earlier.size() > earlier_) received.earlier.pop_back();
    pair.sent->row = std::move(sent_);
  }

 private:
  store::JournalRow received_;
  crypto::VerifyKey key_;
  std::optional<ReceiptedHead> head_;
  std::shared_ptr<const Standing> standing_;
  std::size_t earlier_;
  store::JournalRow sent_;
};

}  // namespace

Result<Incoming::Stored> Incoming::store_batch(Pair& pair, IncomingBatch& batch, Now now) {
  auto& received = *pair.received;
  auto target = target_of(pair, batch);
  if (!target) return target.error();
  store::JournalRow& row = target->row;
  journal::Frontier frontier = row.frontier;
  const auto signed_head = open_head(*target, batch, frontier);
  if (!signed_head) return signed_head.error();
  const journal::Checkpoint& head = signed_head->checkpoint;

  if (const auto done = begin_if_new(*target); !done) return done.error();
  if (const auto done = mark_duplicates(pair, batch); !done) return done.error();
  if (const auto done = judge_erasures(pair, row, batch); !done) return done.error();
  if (const auto done = judge_steps(pair, batch); !done) return done.error();
  judge_revocations(batch);
  if (const auto done = judge_refusals(pair, row, batch); !done) return done.error();
  if (const auto done = store_entries(pair, row, batch, now); !done) return done.error();
  if (const auto done = note_refusals(pair, batch); !done) return done.error();
  if (const auto done = erase(pair, row, batch, now.wall); !done) return done.error();

  const std::uint64_t time_s = batch.receipt_s_;
  BLO_CHECK(!received.head || time_s >= received.head->receipt.time_s);  // by who read the batch
  const store::StoredHead stored{head.size, bare_note(*signed_head, target->key), frontier, time_s,
                                 std::nullopt};
  if (const auto done = store_.journals().put_head(row, stored); !done) return done.error();
  Writer writer(store_, pair.sent->row, clock_.dating(now), head);
  const auto refusals = enter_refusals(writer, batch);
  if (!refusals) return refusals.error();
  if (const auto done = raise_alarms(pair, batch, now); !done) return done.error();
  auto standing = standing_after(received.standing, batch);
  if (standing) {
    if (const auto done = raise_news(pair, batch, *standing, now); !done) return done.error();
  }

  if (target->begins) received.earlier.push_back(std::move(received.row));
  received.row = std::move(row);
  received.key = target->key;
  received.head = ReceiptedHead{head, stored.note, std::move(frontier), {time_s, {}}};
  if (standing) received.standing = std::move(standing);
  if (*refusals > 0) pair.sent->row = writer.row();
  return Stored{{head.origin.generation, batch.first_, head.size, {}, *refusals},
                signed_head->note.text,
                time_s};
}

/// After the transaction has committed.
Result<Committed> Incoming::give_receipt(Pair& pair, const IncomingBatch& batch, Stored stored,
                                         Now now) {
  auto& received = *pair.received;
  introduce(received, batch);
  stored.committed.receipt = journal::cosign_note(stored.note, stored.time_s, keys_.receipt);
  if (received.head->checkpoint.size == stored.committed.end)
    received.head->receipt = stored.committed.receipt;
  if (const auto done = forget_erased(pair, batch, now.wall); !done) return done.error();
  return stored.committed;
}

Result<std::vector<Committed>> Incoming::commit(Pair& pair, std::span<IncomingBatch> batches,
                                                Now now) {
  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  Before before(pair);
  std::vector<Stored> stored;
  for (auto& batch : batches) {
    auto one = store_batch(pair, batch, now);
    if (!one) {
      before.restore(pair);
      return one.error();
    }
    stored.push_back(std::move(*one));
  }
  if (const auto done = transaction->commit(); !done) {
    before.restore(pair);
    return done.error();
  }
  std::vector<Committed> committed;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    auto one = give_receipt(pair, batches[i], std::move(stored[i]), now);
    if (!one) return one.error();
    committed.push_back(*one);
  }
  return committed;
}

}  // namespace blo::office
