// Our own journal, given back: verified under our own signature and the counterpart's receipt.
#include "office/policies.h"
#include "office/receipt_check.h"
#include "office/records.h"
#include "office/recovery.h"
#include "office/steps.h"
#include "seal/body.h"

namespace blo::office {

struct TakenBack {
  journal::Hash leaf_hash;
  journal::Entry entry;
  store::EntryFacts facts;
  std::optional<journal::Envelope> envelope;
  std::optional<identity::Certificate> introduces;
  std::optional<journal::Record> record;
  /// What the body holds, where it came and is the one committed to; else it is lost.
  std::optional<seal::Opened> body;
};

namespace {

Result<TakenBack> read(const sync::Item& item) {
  if (const auto fine = check_body(journal::parse_leaf(item.entry), item); !fine)
    return fine.error();
  auto entry = journal::Entry::parse(item.entry);
  if (!entry) return entry.error();
  TakenBack taken{journal::leaf_hash(item.entry), std::move(*entry), {}, {}, {}, {}, {}};
  std::optional<seal::Opened> opened;
  if (!item.content_key.empty()) {
    auto body = seal::open_body(crypto::Key(ByteView(item.content_key)), taken.entry.bound_bytes(),
                                item.body);
    if (body) opened = std::move(*body);
  }
  if (const auto* message = std::get_if<journal::SignedEnvelope>(&taken.entry.what)) {
    auto envelope = journal::Envelope::parse(message->envelope);
    if (!envelope) return envelope.error();
    taken.facts = {envelope->kind, envelope->message_id, {}};
    if (opened && seal::commit_to_content(opened->salt, opened->content) == envelope->commitment)
      taken.body = std::move(opened);
    taken.envelope = std::move(*envelope);
    return taken;
  }
  auto record = journal::parse_record(std::get<Bytes>(taken.entry.what));
  if (!record) return record.error();
  taken.record = std::move(*record);
  const auto* introduced = std::get_if<journal::CertificateRecord>(&*taken.record);
  if (introduced == nullptr) return taken;
  auto certificate = identity::Certificate::parse(introduced->certificate);
  if (!certificate) return certificate.error();
  if (opened && identity::commit_to_name(opened->salt, opened->content) ==
                    certificate->details().name_commitment) {
    taken.body = std::move(opened);
  }
  taken.introduces = std::move(*certificate);
  return taken;
}

/// Else entries of the one before are missing here.
bool goes_on_from(const store::JournalRow& before, const TakenBack& first) {
  const auto* start =
      first.record ? std::get_if<journal::GenerationStart>(&*first.record) : nullptr;
  return start != nullptr && start->previous == closed(before);
}

}  // namespace

/// Our officers as the journal names them: a certificate that was issued, a person who was revoked
/// and a name that was destroyed since this store's time.
Result<void> Recovery::apply(const store::JournalRow& row, const TakenBack& taken) {
  if (taken.introduces && officers_.find(taken.introduces->fingerprint()) == nullptr) {
    store::OfficerRow officer{taken.introduces->details().person, *taken.introduces, {}, {}};
    if (taken.body) {
      auto name = identity::OfficerName::parse(taken.body->content);
      if (!name) return name.error();
      officer.name = std::move(*name);
      officer.name_salt = taken.body->salt;
    }
    return officers_.restore(std::move(officer));
  }
  if (!taken.record) return {};
  if (const auto* revoked = std::get_if<journal::RevocationRecord>(&*taken.record)) {
    auto revocation = identity::Revocation::parse(revoked->revocation);
    if (!revocation) return revocation.error();
    return officers_.restore(std::move(*revocation));
  }
  const auto* erasure = std::get_if<journal::Erasure>(&*taken.record);
  if (erasure == nullptr) return {};
  const auto* journal = journal_of(pair_, row, *erasure);
  if (journal == nullptr || erasure->index >= journal->size()) return {};
  const auto stored = store_.journals().entry(*journal, erasure->index);
  if (!stored) return stored.error();
  if (const auto introduced = introduced_in(*stored)) {
    const auto erased = officers_.erase_name(introduced->fingerprint());
    if (!erased) return erased;
  }
  return store_.journals().erase_body(*journal, erasure->index);
}

Result<void> Recovery::keep_ours(sync::Batch batch, const journal::Cosignature& receipt, Now now) {
  SentJournal& sent = *pair_.sent;
  store::JournalRow row = sent.row;
  if (next_generation_) {
    row = {0, pair_.row.id, sent.row.origin, true, certificate_, {}, sent.row.last_stamp, 0};
    ++row.origin.generation;
    const auto certificate = identity::Certificate::parse(certificate_);
    if (!certificate) return certificate.error();
    const auto ours = identity::check_journal(pair_.ours.office, *certificate, row.origin);
    if (!ours) return ours;
  }
  std::vector<TakenBack> entries;
  entries.reserve(batch.items.size());
  journal::Frontier frontier = row.frontier;
  for (const auto& item : batch.items) {
    auto taken = read(item);
    if (!taken) return taken.error();
    if (taken->introduces && officers_.forgotten(*taken->introduces)) taken->body.reset();
    frontier.append(taken->leaf_hash);
    entries.push_back(std::move(*taken));
  }
  if (next_generation_ && !goes_on_from(sent.row, entries.front())) {
    return Error(OfficeError::kHeadMismatch, row.origin.text() + " does not begin where " +
                                                 sent.row.origin.text() + " ends here");
  }
  const auto signed_head = journal::open_checkpoint(batch.checkpoint, row.origin, journal_key(row));
  if (!signed_head) return signed_head.error();
  const auto& head = signed_head->checkpoint;
  if (head.size != frontier.size() || head.root != frontier.root())
    return Error(OfficeError::kHeadMismatch, "given back, size " + std::to_string(head.size));
  const auto fine =
      check_receipt(store_, pair_, row, head.size, signed_head->note.text, receipt, clock_, now);
  if (!fine) return fine;

  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  officers_.begin_restoring();
  if (next_generation_) {
    auto created =
        store_.journals().create(row.pairing, row.origin, true, row.certificate, nullptr);
    if (!created) return created.error();
    row = std::move(*created);
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const TakenBack& taken = entries[i];
    const std::uint64_t index = row.size();
    const auto& item = batch.items[i];
    store::EntryFacts facts = taken.facts;
    if (facts.message_id) {
      // The counterpart may have used the id for a message of its own while we knew nothing of
      // ours.
      const auto used = store_.journals().find_message(row.pairing, *facts.message_id);
      if (!used) return used.error();
      if (*used) facts.message_id.reset();
    }
    const journal::Record* record = taken.record ? &*taken.record : nullptr;
    const auto appended = store_.journals().append(row, item.entry, taken.leaf_hash, facts, record);
    if (!appended) return appended;
    const WallTime newest = row.last_stamp.time;
    row.last_stamp = taken.entry.stamp;
    if (taken.entry.stamp.unsure) {
      row.last_stamp.time = newest;
      row.last_stamp.unsure = false;
    } else {
      const auto sure = store_.journals().note_sure_time(row, index, taken.entry.stamp.time);
      if (!sure) return sure;
    }
    if (taken.envelope && facts.message_id) {
      const auto noted = note_message(store_, pair_, row, index, *taken.envelope, now);
      if (!noted) return noted;
    }
    if (taken.body) {
      const auto put = store_.journals().put_body(row, index, item.body,
                                                  crypto::Key(ByteView(item.content_key)));
      if (!put) return put;
    }
    if (const auto done = apply(row, taken); !done) return done;
  }
  ReceiptedHead receipted{head, bare_note(*signed_head, journal_key(row)), std::move(frontier),
                          receipt};
  const auto kept = store_.waits().enter(now);
  if (!kept) return kept.error();
  const auto put = store_.journals().put_head(row, {head.size, receipted.note, receipted.frontier,
                                                    receipt.time_s, receipt.signature, *kept});
  if (!put) return put;
  if (const auto done = store_.journals().save(row); !done) return done;
  if (const auto done = store_.note_given_back(row.last_stamp.time); !done) return done;
  auto policy = newest_policy(store_, row);
  if (!policy) return policy.error();
  if (const auto done = transaction->commit(); !done) return done;

  officers_.keep_restored();
  if (next_generation_) {
    sent.earlier.push_back(std::move(sent.row));
    sent.key.reset();
  }
  sent.row = std::move(row);
  sent.head = std::move(receipted);
  sent.policy = std::move(policy->policy);  // what is sent meanwhile is judged by it
  sent.policy_since = policy->since;
  return store_.wipe_leftovers();
}

}  // namespace blo::office
