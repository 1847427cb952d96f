#include "office/pair.h"

#include "office/drafts.h"
#include "office/kept_head.h"
#include "office/policies.h"
#include "office/records.h"
#include "office/stored_times.h"
#include "seal/body.h"

namespace blo::office {
namespace {

Result<std::optional<ReceiptedHead>> newest_head(store::Store& store, const store::JournalRow& row,
                                                 const OfficeKeys& keys) {
  auto stored = store.journals().newest_head(row);
  if (!stored) return stored.error();
  if (!*stored) return std::optional<ReceiptedHead>();
  auto head = to_receipted(std::move(**stored), keys);
  if (!head) return head.error();
  return std::optional(std::move(*head));
}

/// The officers a journal introduces, each with the name that came along, and how they stand.
Result<void> read_authors(store::Store& store, const store::JournalRow& row,
                          std::map<identity::Fingerprint, Author>& authors, Standing& standing) {
  using enum store::RecordKind;
  const auto records =
      records_of(store, row, {kGenerationStart, kCertificate, kRevocation, kPolicy});
  if (!records) return records.error();
  for (const auto& stored : *records) {
    if (!introduces(stored.facts.refusal)) continue;
    const auto entry = journal::Entry::parse(stored.leaf);
    const auto record = record_in(stored);
    if (!entry || !record) continue;
    standing.take(stored.index, *record, entry->stamp.time);
    const auto certificate = introduced_in(stored);
    if (!certificate) continue;
    auto body = store.journals().body(row, stored.index);
    // A name that is damaged is not known; the scrub tells of it.
    if (!body && body.error() == store::StoreError::kCorrupt) body = store::StoredBody();
    if (!body) return body.error();
    authors.emplace(certificate->fingerprint(),
                    to_author(*certificate, entry->bound_bytes(), *body));
  }
  standing.settle();
  return {};
}

/// Of the newest trail head in one of our journals, or of its first entry; day 0 for an empty one.
Result<WallTime> trail_head_time(store::Store& store, const store::JournalRow& row) {
  for (const auto kind : {store::RecordKind::kTrailHead, store::RecordKind::kGenerationStart}) {
    const auto newest = store.journals().newest_record(row, kind);
    if (!newest) return newest.error();
    if (*newest)
      return std::min(journal::Entry::parse((*newest)->leaf)->stamp.time, row.last_stamp.time);
  }
  return WallTime();
}

/// As load_sent, of what the counterpart sends.
Result<ReceivedJournal> load_received(store::Store& store, const OfficeKeys& keys,
                                      std::vector<store::JournalRow> generations) {
  std::map<identity::Fingerprint, Author> authors;
  Standing standing;
  for (const auto& generation : generations) {
    const auto read = read_authors(store, generation, authors, standing);
    if (!read) return read.error();
  }
  static_cast<void>(standing.take_news());  // people have heard of it
  store::JournalRow row = std::move(generations.back());
  generations.pop_back();
  auto head = newest_head(store, row, keys);
  if (!head) return head.error();
  const auto key = journal_key(row);
  return ReceivedJournal{std::move(row),
                         key,
                         std::move(*head),
                         std::move(authors),
                         std::make_shared<const Standing>(std::move(standing)),
                         std::move(generations)};
}

Result<void> load_again(Pair& pair) {
  if (pair.row.again_our_file.empty()) return {};
  auto ours = identity::PairingFile::reread(pair.row.again_our_file);
  if (!ours) return ours.error().within("our file to pair again with");
  pair.again = FilesAgain{std::move(*ours), {}};
  if (pair.row.again_their_file.empty()) return {};
  auto theirs = identity::PairingFile::reread(pair.row.again_their_file);
  if (!theirs) return theirs.error().within("the counterpart's file to pair again with");
  pair.again->theirs = std::move(*theirs);
  return {};
}

}  // namespace

std::vector<const store::JournalRow*> Pair::generations(bool sent_ones) const {
  std::vector<const store::JournalRow*> all;
  const auto gather = [&all](const auto& journal) {
    if (!journal) return;
    for (const auto& generation : journal->earlier) all.push_back(&generation);
    all.push_back(&journal->row);
  };
  if (sent_ones) {
    gather(sent);
  } else {
    gather(received);
  }
  return all;
}

const store::JournalRow* Pair::find_journal(std::int64_t id) const {
  for (const bool sent_ones : {true, false}) {
    for (const auto* journal : generations(sent_ones)) {
      if (journal->id == id) return journal;
    }
  }
  return nullptr;
}

std::optional<journal::Checkpoint> Pair::receipted() const {
  if (!received || !received->head) return std::nullopt;
  return received->head->checkpoint;
}

crypto::VerifyKey journal_key(const store::JournalRow& journal) {
  const auto certificate = identity::Certificate::parse(journal.certificate);
  BLO_CHECK(certificate.has_value());
  const auto key = certificate->details().verify_key(identity::KeyUse::kJournal);
  BLO_CHECK(key.has_value());
  return *key;
}

journal::ClosedGeneration closed(const store::JournalRow& journal) {
  return {journal.size(), journal.frontier.root()};
}

std::string bare_note(const journal::SignedCheckpoint& head, const crypto::VerifyKey& journal_key) {
  const auto key = journal::journal_note_key(head.checkpoint.origin, journal_key);
  const auto verified = std::ranges::find_if(head.note.signatures, [&](const auto& signature) {
    return signature.name == key.name && signature.id == key.id();
  });
  BLO_CHECK(verified != head.note.signatures.end());  // open_checkpoint() verified it
  return journal::Note{head.note.text, {*verified}}.encode();
}

Result<ReceiptedHead> to_receipted(store::StoredHead head, const OfficeKeys& keys) {
  const auto note = journal::Note::parse(head.note);
  if (!note) return Error(store::StoreError::kCorrupt, "a stored checkpoint");
  const auto checkpoint = journal::Checkpoint::parse(note->text);
  if (!checkpoint) return Error(store::StoreError::kCorrupt, "a stored checkpoint");
  const auto receipt = head.receipt_signature
                           ? journal::Cosignature{head.receipt_time_s, *head.receipt_signature}
                           : journal::cosign_note(note->text, head.receipt_time_s, keys.receipt);
  return ReceiptedHead{*checkpoint, std::move(head.note), std::move(head.frontier), receipt};
}

bool introduces(const std::optional<journal::RefusalReason>& refusal) {
  return !refusal || *refusal == journal::RefusalReason::kUnopenable ||
         *refusal == journal::RefusalReason::kMismatch ||
         *refusal == journal::RefusalReason::kNameForm;
}

Author to_author(const identity::Certificate& certificate, ByteView bound,
                 const store::StoredBody& body) {
  Author author{certificate.details().person, {}};
  if (!body.content_key) return author;
  const auto opened = seal::open_body(*body.content_key, bound, body.sealed);
  if (!opened) return author;
  if (auto name = identity::OfficerName::parse(opened->content)) author.name = std::move(*name);
  return author;
}

Result<SentJournal> load_sent(store::Store& store, const OfficeKeys& keys, Use use,
                              std::vector<store::JournalRow> generations) {
  store::JournalRow row = std::move(generations.back());
  generations.pop_back();
  auto head = newest_head(store, row, keys);
  if (!head) return head.error();
  std::optional<crypto::SigningKey> key;
  const auto seed = store.journals().signing_seed(row);
  const bool lost = !seed && seed.error() == store::StoreError::kNotFound;
  if (!seed && !(lost && use == Use::kOnlyRead)) return seed.error();
  if (seed) key = crypto::SigningKey::from_seed(*seed);
  auto announced = announced_officers(store, row);
  if (!announced) return announced.error();
  const auto trail_head = trail_head_time(store, row);
  if (!trail_head) return trail_head.error();
  auto policy = newest_policy(store, row);
  if (!policy) return policy.error();
  return SentJournal{std::move(row),   std::move(key),        std::move(*announced),
                     std::move(*head), *trail_head,           std::move(policy->policy),
                     policy->since,    std::move(generations)};
}

Result<std::unique_ptr<Pair>> load_pair(store::Store& store, const OfficeKeys& keys,
                                        store::PairingRow row) {
  // Validity dates were judged when the files came; the stored bytes are ours to trust.
  auto ours = identity::PairingFile::reread(row.our_file);
  if (!ours) return ours.error().within("our pairing file");
  std::unique_ptr<Pair> pair(
      new Pair{std::move(row), std::move(*ours), {}, {}, {}, {}, {}, {}, {}});
  if (const auto done = load_again(*pair); !done) return done.error();
  if (pair->row.their_file.empty()) return pair;

  auto theirs = identity::PairingFile::reread(pair->row.their_file);
  if (!theirs) return theirs.error().within("the counterpart's pairing file");
  pair->receipt_key = theirs->office.details().verify_key(identity::KeyUse::kReceipt);
  BLO_CHECK(pair->receipt_key.has_value());
  pair->theirs = std::move(*theirs);
  auto set = store.addresses().find(pair->row.id, store::AddressSource::kPerson);
  if (!set) return set.error();
  auto announced = store.addresses().find(pair->row.id, store::AddressSource::kCounterpart);
  if (!announced) return announced.error();
  pair->addresses = {std::move(*set), std::move(*announced)};

  auto journals = store.journals().of_pairing(pair->row.id);
  if (!journals) return journals.error();
  for (const auto& journal : *journals) {
    const auto* receipts = journal.sent ? &*pair->receipt_key : nullptr;
    const auto kept = check_kept_head(store, journal, receipts);
    if (!kept) return kept.error().within(journal.origin.text());
  }
  std::vector<store::JournalRow> our_generations;
  std::vector<store::JournalRow> their_generations;
  for (auto& journal : *journals)
    (journal.sent ? our_generations : their_generations).push_back(std::move(journal));
  if (!our_generations.empty()) {
    const bool writes =
        pair->carries_messages() || (pair->row.state == store::PairingState::kAccepted &&
                                     pair->row.recovery == store::Recovery::kNone);
    auto sent =
        load_sent(store, keys, writes ? Use::kWritten : Use::kOnlyRead, std::move(our_generations));
    if (!sent) return sent.error();
    pair->sent = std::move(*sent);
  }
  if (!their_generations.empty()) {
    auto received = load_received(store, keys, std::move(their_generations));
    if (!received) return received.error();
    pair->received = std::move(*received);
  }
  return pair;
}

identity::Certificate certify_journal(const OfficeKeys& keys, const Origin& origin,
                                      const crypto::VerifyKey& key, Now now) {
  identity::CertificateDetails details;
  details.kind = identity::CertificateKind::kJournal;
  details.network = keys.network;
  details.subject = origin.text();
  details.statement = to_unix_ms(now.wall);
  details.keys = {{identity::KeyUse::kJournal, key.bytes()}};
  details.not_before = keys.certificate.details().not_before;
  details.not_after = keys.certificate.details().not_after;
  details.issuer = keys.certificate.fingerprint();
  return identity::Certificate::issue(details, keys.identity);
}

Result<std::set<identity::Fingerprint>> announced_officers(store::Store& store,
                                                           const store::JournalRow& row) {
  const auto records = store.journals().records(row, store::RecordKind::kCertificate);
  if (!records) return records.error();
  std::set<identity::Fingerprint> announced;
  for (const auto& stored : *records) {
    if (!introduces(stored.facts.refusal)) continue;
    if (const auto certificate = introduced_in(stored))
      announced.insert(certificate->fingerprint());
  }
  return announced;
}

Result<journal::Frontier> frontier_at(store::Store& store, const store::JournalRow& journal,
                                      std::uint64_t size) {
  auto head = store.journals().head_at_most(journal, size);
  if (!head) return head.error();
  journal::Frontier frontier = *head ? std::move((*head)->frontier) : journal::Frontier();
  if (frontier.size() == size) return frontier;
  Result<void> same;
  const auto read =
      store.journals().entries(journal, frontier.size(), size, [&](store::StoredEntry entry) {
        same = check_read_back(entry, journal);
        frontier.append(journal::leaf_hash(entry.leaf));
        return same.has_value();
      });
  if (!read) return read.error();
  if (!same) return same.error();
  return frontier;
}

Result<journal::Reader> reader_at_end(store::Store& store, const Pair& pair) {
  const auto& row = pair.received->row;
  // The kinds that a reader's judgement of later entries rests on.
  using enum store::RecordKind;
  const auto stored = records_of(store, row, {kCertificate, kRevocation, kPolicy});
  if (!stored) return stored.error();
  std::vector<std::pair<std::uint64_t, Bytes>> records;
  for (const auto& one : *stored) {
    if (!introduces(one.facts.refusal)) continue;
    auto entry = journal::Entry::parse(one.leaf);
    if (!entry || !std::holds_alternative<Bytes>(entry->what)) continue;
    records.emplace_back(one.index, std::move(std::get<Bytes>(entry->what)));
  }
  journal::Reader reader(row.origin, pair.theirs->office);
  reader.resume(row.size(), row.stamps(), records);
  reader.keep_times(std::make_shared<StoredTimes>(store, row));
  return reader;
}

std::string frozen_why(const Pair& pair) {
  const std::string& who = pair.counterpart().text();
  switch (pair.row.recovery) {
    case store::Recovery::kNone: break;
    case store::Recovery::kRecovering:
      return "this store is older than what " + who + " holds of it; " + who +
             " gives back what is missing when it is connected";
    case store::Recovery::kRecovered:
      return "what this store had lost is here again; an administrator lets the pairing go on: "
             "blo office recover " +
             who;
  }
  return pair.row.frozen_why.empty() ? "frozen by hand: " + pair.row.why : pair.row.frozen_why;
}

Result<void> freeze_by_hand(store::Store& store, Pair& pair, const std::string& reason) {
  if (pair.row.state == store::PairingState::kEnded)
    return Error(OfficeError::kEnded, pair.counterpart().text());
  if (pair.row.state == store::PairingState::kFrozen)
    return Error(OfficeError::kFrozen, pair.counterpart().text());
  if (!pair.carries_messages()) return Error(OfficeError::kUnconfirmed, pair.counterpart().text());
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  store::PairingRow row = pair.row;
  if (const auto done = store.pairings().freeze_by_hand(row, reason); !done) return done;
  if (const auto done = transaction->commit(); !done) return done;
  pair.row = std::move(row);
  pair.offer.reset();
  return {};
}

Result<void> end(store::Store& store, Pair& pair, const std::string& reason, Now now) {
  if (pair.row.state == store::PairingState::kEnded)
    return Error(OfficeError::kEnded, pair.counterpart().text());
  if (!pair.theirs) return Error(OfficeError::kUnconfirmed, pair.counterpart().text());
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  store::PairingRow row = pair.row;
  if (const auto done = store.pairings().end(row, reason); !done) return done;
  if (const auto done = leave_out_waiting(store, pair, "the pairing is over", now.wall); !done)
    return done;
  if (const auto done = transaction->commit(); !done) return done;
  pair.row = std::move(row);
  pair.offer.reset();
  return store.wipe_leftovers();
}

Result<void> freeze(store::Store& store, Pair& pair, const std::string& why,
                    const std::string& evidence, store::Recovery recovery,
                    const std::function<Result<void>()>& also) {
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  store::PairingRow row = pair.row;
  if (const auto done = store.pairings().freeze(row, why, evidence, recovery); !done) return done;
  if (also) {
    if (const auto done = also(); !done) return done;
  }
  if (const auto done = transaction->commit(); !done) return done;
  pair.row = std::move(row);
  return {};
}

}  // namespace blo::office
