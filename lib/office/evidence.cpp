#include "office/evidence.h"

#include "office/query.h"
#include "office/records.h"

namespace blo::office {
namespace {

constexpr std::uint64_t kEntriesPerStep = 512;

using Stored = std::vector<store::StoredEntry>;

/// The person of an officer's certificate or revocation; 0: the record is about nobody.
std::uint64_t person_in(const store::StoredEntry& stored) {
  if (const auto certificate = introduced_in(stored)) return certificate->details().person;
  const auto revoked = find_record<journal::RevocationRecord>(stored);
  if (!revoked) return 0;
  const auto revocation = identity::Revocation::parse(revoked->revocation);
  return revocation ? revocation->details().person : 0;
}

bool revokes_office(const store::StoredEntry& stored) {
  const auto revoked = find_record<journal::RevocationRecord>(stored);
  if (!revoked) return false;
  const auto revocation = identity::Revocation::parse(revoked->revocation);
  return revocation && revocation->details().kind == identity::CertificateKind::kOffice;
}

/// The head's note, with the receipt where it is to be shown.
Result<std::string> note_of(const ReceiptedHead& head, const Pair& pair, bool sent) {
  const auto& to = sent ? *pair.theirs : pair.ours;
  const auto key = to.office.details().verify_key(identity::KeyUse::kReceipt);
  auto note = journal::Note::parse(head.note);
  if (!note) return note.error();
  BLO_CHECK(key.has_value());
  const Origin& origin = head.checkpoint.origin;
  note->signatures.push_back(journal::to_note_signature(
      head.receipt, journal::receipt_note_key(origin.network, origin.to, *key)));
  return note->encode();
}

}  // namespace

Result<EvidenceJob> EvidenceJob::begin(Office& office, const MessageNumber& number, bool disclose) {
  const auto shown = show_message(office, number);
  if (!shown) return shown.error();
  if (shown->damaged) return Error(store::StoreError::kCorrupt, number.text());
  const bool sent = number.from == office.keys().id;
  const Pair* pair = office.find(sent ? number.to : number.from);
  BLO_CHECK(pair != nullptr && pair->theirs.has_value());
  const auto generations = pair->generations(sent);
  const auto row = std::ranges::find(generations, number.generation,
                                     [](const auto* one) { return one->origin.generation; });
  BLO_CHECK(row != generations.end());

  EvidenceJob job(office, *pair);
  if (const auto chosen = job.choose_message(**row, number.index); !chosen) return chosen.error();
  if (disclose) {
    if (const auto chosen = job.choose_disclosed(number.index); !chosen) return chosen.error();
  }
  const auto& to = sent ? *pair->theirs : pair->ours;
  job.evidence_.index = number.index;
  job.evidence_.receiver_authority = to.authority.bytes();
  job.evidence_.receiver_office = to.office.bytes();
  return job;
}

/// The smallest head under which entry `index` lies; false where there is none.
Result<bool> EvidenceJob::cover(const store::JournalRow& row, std::uint64_t index, Part& part) {
  part.row = row;
  auto stored = office_->store().journals().covering_head(row, index);
  if (!stored) return stored.error();
  if (*stored) {
    auto head = to_receipted(std::move(**stored), office_->keys());
    if (!head) return head.error();
    // Only the message's own head is shown with its receipt.
    auto note = parts_.empty() ? note_of(*head, *pair_, row.sent) : Result<std::string>(head->note);
    if (!note) return note.error();
    part.size = head->checkpoint.size;
    part.note = std::move(*note);
    return true;
  }
  // Nobody will give a receipt for what stands last in an ended pairing.
  const bool ended = row.sent && pair_->sent->key && row.origin == pair_->sent->row.origin &&
                     row.size() > index && pair_->row.state == store::PairingState::kEnded;
  if (!ended) return false;
  const auto& own = pair_->sent->row;
  part.size = own.size();
  part.note =
      journal::sign_checkpoint({own.origin, own.size(), own.frontier.root()}, *pair_->sent->key)
          .note.encode();
  return true;
}

Result<void> EvidenceJob::choose_message(const store::JournalRow& row, std::uint64_t index) {
  Part part{row};
  const auto covered = cover(row, index, part);
  if (!covered) return covered.error();
  if (!*covered) return Error(OfficeError::kNoReceipt, "the message");
  part.entries = {0, index};
  const auto message = office_->store().journals().entry(row, index);
  if (!message) return message.error();
  const auto entry = journal::Entry::parse(message->leaf);
  if (entry && std::holds_alternative<journal::SignedEnvelope>(entry->what)) {
    const auto envelope = journal::Envelope::parse(entry->bound_bytes());
    if (envelope) {
      const auto chosen = choose_officers(std::get<journal::SignedEnvelope>(entry->what),
                                          envelope->officer, index, part);
      if (!chosen) return chosen;
    }
  }
  if (const auto chosen = choose_authorising(part); !chosen) return chosen;
  parts_.push_back(std::move(part));
  return choose_opposite(row, *message);
}

/// By which entry's time those are judged whose office was not sure of its clock, and which of them
/// a claim is not judged before.
Result<void> EvidenceJob::choose_authorising(Part& part) {
  auto& journals = office_->store().journals();
  for (const std::uint64_t index : std::set(part.entries)) {
    const auto stored = journals.entry(part.row, index);
    if (!stored) return stored.error();
    const auto entry = journal::Entry::parse(stored->leaf);
    if (!entry) continue;
    const auto dated = date_entry(office_->store(), part.row, index, entry->stamp.time);
    if (!dated) return dated.error();
    if (!entry->stamp.unsure && !dated->received) continue;
    const auto by = journals.authorising_entry(part.row, index, entry->stamp.time);
    if (!by) return by.error();
    if (*by && part.entries.size() < journal::kEvidenceEntriesMax) part.entries.insert(**by);
  }
  return {};
}

/// The entries that introduce the message's officers, those after them that concern the same
/// persons, and the policy in force.
Result<void> EvidenceJob::choose_officers(const journal::SignedEnvelope& message,
                                          const identity::Fingerprint& author, std::uint64_t index,
                                          Part& part) {
  auto& journals = office_->store().journals();
  auto about = journals.records(part.row, store::RecordKind::kCertificate);
  if (!about) return about.error();
  auto revocations = journals.records(part.row, store::RecordKind::kRevocation);
  if (!revocations) return revocations.error();
  const auto policies = journals.records(part.row, store::RecordKind::kPolicy);
  if (!policies) return policies.error();
  std::map<std::uint64_t, std::uint64_t> persons;  // and where the certificate was introduced
  std::uint64_t policy = 0;
  for (const auto& stored : *policies) {
    if (stored.index < index) policy = stored.index;
  }
  for (const auto& stored : *about) {
    if (stored.index >= index) break;
    if (const auto certificate = introduced_in(stored)) {
      const auto& print = certificate->fingerprint();
      if (print == author || (message.release && print == message.release->officer))
        persons.emplace(certificate->details().person, stored.index);
    }
  }
  std::ranges::move(*revocations, std::back_inserter(*about));
  std::ranges::sort(*about, {}, &store::StoredEntry::index);
  if (policy != 0) part.entries.insert(policy);
  for (const auto& stored : *about) {
    if (stored.index >= part.size || part.entries.size() == journal::kEvidenceEntriesMax) break;
    const std::uint64_t person = person_in(stored);
    const auto found = persons.find(person);
    if (person != 0 && found != persons.end() && stored.index >= found->second)
      part.entries.insert(stored.index);
  }
  return {};
}

/// What the opposite journal says of the message: the newest entry before it, and its refusal.
Result<void> EvidenceJob::choose_opposite(const store::JournalRow& row,
                                          const store::StoredEntry& message) {
  const auto entry = journal::Entry::parse(message.leaf);
  // What the receiver called false names nothing that could be shown.
  const bool lies = message.facts.refusal == journal::RefusalReason::kFalseStamp;
  const journal::Stamp stamp = entry && !lies ? entry->stamp : journal::Stamp();
  auto& journals = office_->store().journals();
  const auto refusal = journals.index().refusal_of(store::name_of(row, message.index));
  if (!refusal) return refusal.error();
  for (const auto* other : pair_->generations(!row.sent)) {
    std::set<std::uint64_t> wanted;
    std::uint64_t refused_at = 0;
    if (*refusal && (*refusal)->record.journal == other->id)
      wanted.insert(refused_at = (*refusal)->record.index);
    const auto revocations = journals.records(*other, store::RecordKind::kRevocation);
    if (!revocations) return revocations.error();
    for (const auto& stored : *revocations) {
      if (!stored.facts.refusal && revokes_office(stored)) wanted.insert(stored.index);
    }
    const bool named = other->origin.generation == stamp.generation && other->size() >= stamp.size;
    if (named) wanted.insert(stamp.size - 1);
    if (wanted.empty() || parts_.size() > journal::kEvidenceOppositeMax) continue;
    Part part{*other};
    for (;;) {
      const auto covered = cover(*other, *wanted.rbegin(), part);
      if (!covered) return covered.error();
      if (*covered) break;
      // A refusal that is left out would make the message look accepted.
      if (refused_at != 0 && *wanted.rbegin() == refused_at)
        return Error(OfficeError::kNoReceipt, "its refusal");
      wanted.erase(std::prev(wanted.end()));
      if (wanted.empty()) break;
    }
    if (wanted.empty()) continue;
    if (named && stamp.size <= part.size) part.consistent_from = stamp.size;
    part.entries = std::move(wanted);
    part.entries.insert(0);
    parts_.push_back(std::move(part));
  }
  return {};
}

Result<void> EvidenceJob::choose_disclosed(std::uint64_t index) {
  Part& part = parts_.front();
  const auto content = disclosed(part.row, index);
  if (!content) return content.error();
  if (!*content) return Error(OfficeError::kErased, "the message");
  part.disclosed = part.entries;
  return {};
}

Result<std::optional<journal::Disclosed>> EvidenceJob::disclosed(const store::JournalRow& row,
                                                                 std::uint64_t index) {
  const auto stored = office_->store().journals().entry(row, index);
  if (!stored) return stored.error();
  const auto entry = journal::Entry::parse(stored->leaf);
  const auto body = office_->store().journals().body(row, index);
  if (!body) return body.error();
  if (!entry || !body->content_key) return std::optional<journal::Disclosed>();
  auto opened = seal::open_body(*body->content_key, entry->bound_bytes(), body->sealed);
  if (!opened) return opened.error();
  return std::optional(journal::Disclosed{opened->salt, std::move(opened->content)});
}

Result<bool> EvidenceJob::step() {
  if (part_ == parts_.size()) return false;
  Part& part = parts_[part_];
  const std::uint64_t from = part.tree.size();
  if (from < part.size) {
    Result<void> same;
    const auto read = office_->store().journals().entries(
        part.row, from, std::min(part.size, from + kEntriesPerStep),
        [&](const store::StoredEntry& entry) {
          same = store::check_read_back(entry, part.row);
          part.tree.append(journal::leaf_hash(entry.leaf));
          return same.has_value();
        });
    if (!read) return read.error();
    if (!same) return same.error();
    if (part.tree.size() == from) return Error(OfficeError::kNotFound, part.row.origin.text());
    return true;
  }
  auto proven = prove(part);
  if (!proven) return proven.error();
  if (part_ == 0) {
    evidence_.journal = std::move(*proven);
  } else {
    evidence_.opposite.push_back(std::move(*proven));
  }
  part.tree = {};
  part.size = 0;
  return ++part_ < parts_.size();
}

Result<journal::ProvenJournal> EvidenceJob::prove(const Part& part) {
  journal::ProvenJournal journal;
  journal.checkpoint = part.note;
  for (const std::uint64_t index : part.entries) {
    const auto stored = office_->store().journals().entry(part.row, index);
    if (!stored) return stored.error();
    journal::ProvenEntry entry{index, stored->leaf, part.tree.inclusion_proof(index), {}};
    if (part.disclosed.contains(index)) {
      auto body = disclosed(part.row, index);
      if (!body) return body.error();
      entry.disclosed = std::move(*body);
    }
    journal.entries.push_back(std::move(entry));
  }
  if (part.consistent_from != 0)
    journal.consistency = part.tree.consistency_proof(part.consistent_from);
  return journal;
}

}  // namespace blo::office
