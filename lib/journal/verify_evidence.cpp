#include "journal/verify_evidence.h"

#include <set>

#include "base/hex.h"
#include "journal/across/claims.h"
#include "journal/across/refusals.h"
#include "journal/verify_proven.h"

namespace blo::journal {
namespace {

/// A receipt's time is in whole seconds, a stamp's in milliseconds.
constexpr std::chrono::seconds kReceiptStep{1};

std::string refused_by(const ProvenRefusal& refusal) {
  return "its receiver refused it: " + std::string(to_string(refusal.reason)) + " (" +
         entry_place(refusal.place.origin.text(), refusal.place.index) + ", dated " +
         to_rfc3339(refusal.time) + ")";
}

class EvidenceVerifier {
 public:
  EvidenceVerifier(const Evidence& evidence, const std::vector<identity::Certificate>& authorities)
      : evidence_(evidence), authorities_(authorities) {}

  EvidenceVerdict run();

 private:
  [[nodiscard]] std::optional<WallTime> received() const;
  void read_message();
  void read_signatories();
  [[nodiscard]] Signatory to_signatory(const KnownOfficer& officer);
  void read_receipt();
  void read_opposite(const ProvenJournal& journal, const std::string& place);
  void check_interlock(const ProvenJournal& journal, const ProvenReading& opposite,
                       const std::string& place);
  void read_records(const ProvenReading& opposite, const std::string& place);
  void take_refusal(const Refusal& refusal, const ReadEntry& entry, const ProvenReading& opposite,
                    const std::string& place);
  void take_revocation(const RevocationRecord& record, const ReadEntry& entry,
                       const std::string& place);
  void read_disclosed();
  void settle();
  [[nodiscard]] const Checkpoint& head() const { return journal_->head.checkpoint; }
  void note(std::string text) { verdict_.notes.push_back(std::move(text)); }

  const Evidence& evidence_;
  const std::vector<identity::Certificate>& authorities_;
  EvidenceVerdict verdict_;
  Findings findings_{std::string()};
  std::optional<ProvenReading> journal_;
  std::size_t at_ = 0;  // of the message among the journal's entries
  std::set<Origin> seen_;
  std::optional<std::pair<FindingCode, std::string>> pending_;  // why the message does not count
};

EvidenceVerdict EvidenceVerifier::run() {
  journal_ = read_proven(evidence_.journal, authorities_, "journal", received(), findings_);
  if (journal_) {
    verdict_.sender_authority = authority_name(journal_->authority);
    findings_.rest_on(verdict_.sender_authority, {});
    read_message();
    read_signatories();
    read_receipt();
    for (std::size_t i = 0; i < evidence_.opposite.size(); ++i) {
      read_opposite(evidence_.opposite[i], "opposite " + std::to_string(i + 1));
    }
    read_disclosed();
    settle();
  }
  verdict_.findings = findings_.take();
  return std::move(verdict_);
}

/// The time of the receipt, where it holds; what is wrong with it is found later.
std::optional<WallTime> EvidenceVerifier::received() const {
  const auto authority = identity::Certificate::parse(evidence_.receiver_authority);
  const auto office = identity::Certificate::parse(evidence_.receiver_office);
  const auto note = Note::parse(evidence_.journal.checkpoint);
  if (!authority || !office || !note) return std::nullopt;
  const auto given = std::ranges::find(authorities_, authority->fingerprint(),
                                       &identity::Certificate::fingerprint);
  const auto network = office->details().network;
  const auto id = OfficeId::parse(office->details().subject);
  const auto key = office->details().verify_key(identity::KeyUse::kReceipt);
  if (given == authorities_.end() || !id || !key) return std::nullopt;
  const auto receipt = verify_cosignature(*note, receipt_note_key(network, *id, *key));
  if (!receipt) return std::nullopt;
  const WallTime time = from_unix_s(receipt->time_s);
  return identity::check_office(*given, *office, time) ? std::optional(time) : std::nullopt;
}

void EvidenceVerifier::read_message() {
  const Origin& origin = head().origin;
  verdict_.number = MessageNumber{origin.from, origin.to, origin.generation, evidence_.index};
  verdict_.network = origin.network;
  verdict_.size = head().size;
  verdict_.root = head().root;
  const auto found = std::ranges::find(journal_->entries, evidence_.index, &ReadEntry::index);
  BLO_CHECK(found != journal_->entries.end());
  at_ = static_cast<std::size_t>(found - journal_->entries.begin());
  const ReadEntry& message = *found;
  verdict_.leaf_hash = message.leaf_hash;
  if (message.entry) verdict_.stamp = message.entry->stamp;
  verdict_.claim = message.claim;
  verdict_.envelope = message.envelope;
  if (message.refusal) {
    pending_ = {message.finding.value_or(FindingCode::kMalformed),
                std::string(to_string(*message.refusal)) + ": " + message.detail};
  } else if (!message.envelope) {
    findings_.add(FindingCode::kNoMessage, entry_place("journal", evidence_.index),
                  "it is an office record and no message");
  } else if (!check_signatures(message)) {
    pending_ = {FindingCode::kSignature, "an officer's signature does not hold"};
  }
  if (message.envelope) {
    verdict_.release_required = journal_->policies[at_].requires_release(
        message.envelope->kind, message.envelope->precedence);
  }
  // Whatever the envelope is worth, the office said it then.
  if (!message.entry || std::holds_alternative<Bytes>(message.entry->what)) return;
  const auto office =
      identity::check_office(journal_->authority, journal_->office, message.judged_at);
  if (office) return;
  findings_.add(certificate_finding(office.error()), "journal",
                office.error()
                    .within(message.claim ? "at the receipt's time" : "at the message's stamp")
                    .message(),
                to_hex(journal_->office.fingerprint()));
}

Signatory EvidenceVerifier::to_signatory(const KnownOfficer& officer) {
  const auto& details = officer.certificate.details();
  Signatory signatory{details.person, officer.certificate.fingerprint(), details.roles,
                      officer.since};
  for (std::size_t i = at_ + 1; i < journal_->entries.size() && !signatory.ended; ++i) {
    const ReadEntry& later = journal_->entries[i];
    if (later.refusal || !later.record) continue;
    const auto* revoked = std::get_if<RevocationRecord>(&*later.record);
    const auto revocation = revoked == nullptr
                                ? std::nullopt
                                : std::optional(identity::Revocation::parse(revoked->revocation));
    if (revocation && *revocation &&
        (*revocation)->details().kind == identity::CertificateKind::kOfficer &&
        (*revocation)->details().person == signatory.person) {
      signatory.ended = later.index;
    }
  }
  return signatory;
}

void EvidenceVerifier::read_signatories() {
  const ReadEntry& message = journal_->entries[at_];
  if (pending_ || !message.envelope) return;
  if (message.author) verdict_.author = to_signatory(*message.author);
  if (message.releaser) verdict_.releaser = to_signatory(*message.releaser);
}

void EvidenceVerifier::read_receipt() {
  const auto authority = identity::Certificate::parse(evidence_.receiver_authority);
  const auto office = identity::Certificate::parse(evidence_.receiver_office);
  if (!authority || !office) {
    return findings_.add(FindingCode::kCertificateForm, "receiver",
                         "its certificates are not in form");
  }
  const Origin& origin = head().origin;
  const auto* given = trusted(authorities_, *authority, origin.to.text(), "receiver", findings_);
  if (given == nullptr) return;
  verdict_.receiver_authority = authority_name(*given);
  findings_.rest_on(verdict_.sender_authority, verdict_.receiver_authority);
  const auto& details = office->details();
  const auto key = details.verify_key(identity::KeyUse::kReceipt);
  if (!key || details.network != origin.network || details.subject != origin.to.text()) {
    return findings_.add(FindingCode::kSubject, "receiver",
                         "the certificate is not of " + origin.to.text(),
                         to_hex(office->fingerprint()));
  }
  // A receipt is believed only under a chain that held at some time; its own time says more.
  const WallTime some_time = std::max(details.not_before, given->details().not_before);
  auto checked = identity::check_authority(*authority);
  if (checked) checked = identity::check_office(*given, *office, some_time);
  if (checked && journal_->head.note.signatures.size() > 1) {
    const auto receipt =
        verify_cosignature(journal_->head.note, receipt_note_key(origin.network, origin.to, *key));
    if (!receipt) {
      return findings_.add(
          note_finding(receipt.error(), FindingCode::kReceipt, FindingCode::kReceiptKey),
          "journal/checkpoint", receipt.error().message(), evidence_.journal.checkpoint);
    }
    verdict_.receipt = from_unix_s(receipt->time_s);
    checked = identity::check_office(*given, *office, *verdict_.receipt);
  } else if (checked) {
    note("there is no receipt: that " + origin.to.text() + " has the message is not proven");
  }
  if (checked) return;
  findings_.add(certificate_finding(checked.error()), "receiver", checked.error().message(),
                to_hex(office->fingerprint()));
}

void EvidenceVerifier::read_opposite(const ProvenJournal& journal, const std::string& place) {
  const auto opposite = read_proven(journal, authorities_, place, std::nullopt, findings_);
  if (!opposite) return;
  const Origin& origin = head().origin;
  const Origin& other = opposite->head.checkpoint.origin;
  if (other != Origin{origin.network, origin.to, origin.from, other.generation} ||
      !seen_.insert(other).second) {
    return findings_.add(FindingCode::kOrigin, place + "/checkpoint",
                         "it is not of a journal from " + origin.to.text() + " to " +
                             origin.from.text() + ", or of one twice");
  }
  if (opposite->office.bytes() != evidence_.receiver_office) {
    return findings_.add(FindingCode::kSubject, place,
                         "it is under another certificate than the receiver's",
                         to_hex(opposite->office.fingerprint()));
  }
  if (opposite->head.note.signatures.size() != 1) {
    return findings_.add(FindingCode::kCheckpoint, place + "/checkpoint",
                         "it carries more than the journal's signature");
  }
  read_records(*opposite, place);
  check_interlock(journal, *opposite, place);
}

void EvidenceVerifier::check_interlock(const ProvenJournal& journal, const ProvenReading& opposite,
                                       const std::string& place) {
  const Checkpoint& other = opposite.head.checkpoint;
  // Who refused the message for its stamp has said all there is to say of that.
  const bool lies = verdict_.refusal && verdict_.refusal->reason == RefusalReason::kFalseStamp;
  if (!verdict_.stamp || verdict_.stamp->generation != other.origin.generation || lies) {
    if (!journal.consistency.empty()) {
      findings_.add(FindingCode::kEvidence, place, "a consistency proof from nothing");
    }
    return;
  }
  const Stamp& stamp = *verdict_.stamp;
  const auto held =
      verify_consistency(stamp.size, other.size, stamp.root, other.root, journal.consistency);
  if (!held) {
    return findings_.add(
        FindingCode::kInterlock, place,
        "the head that the message's stamp names is none of this journal: " +
            held.error().message(),
        "stamped " + to_hex(stamp.root) + " at size " + std::to_string(stamp.size));
  }
  for (const ReadEntry& entry : opposite.entries) {
    if (entry.index + 1 != stamp.size || !entry.entry) continue;
    // One that goes back dates nothing, nor does one of a clock that was ahead of the same office's
    // receipt for what came after it.
    if (entry.finding == FindingCode::kStamp || entry.stamp == StampOrder::kTimeGoesBack) continue;
    if (entry.entry->stamp.unsure || is_claim(entry.entry->stamp.time, verdict_.receipt)) continue;
    verdict_.after = EarlierEntry{{other.origin, entry.index}, entry.entry->stamp.time};
  }
}

void EvidenceVerifier::read_records(const ProvenReading& opposite, const std::string& place) {
  for (const ReadEntry& entry : opposite.entries) {
    if (entry.refusal || !entry.record) continue;
    const std::string at = entry_place(place, entry.index);
    if (const auto* refusal = std::get_if<Refusal>(&*entry.record)) {
      take_refusal(*refusal, entry, opposite, at);
    } else if (const auto* revoked = std::get_if<RevocationRecord>(&*entry.record)) {
      take_revocation(*revoked, entry, at);
    }
  }
}

void EvidenceVerifier::take_refusal(const Refusal& refusal, const ReadEntry& entry,
                                    const ProvenReading& opposite, const std::string& place) {
  if (refusal.generation != head().origin.generation || refusal.index != evidence_.index) return;
  // Between the entries shown nothing stands, as far as evidence goes.
  const auto begins = [&] {
    const auto* start = std::get_if<GenerationStart>(&*opposite.entries.front().record);
    return start != nullptr && start->after_loss &&
           std::ranges::none_of(opposite.entries, [&](const ReadEntry& before) {
             return before.index < entry.index && before.envelope;
           });
  };
  RefusalRun run{entry.run.first, entry.index};
  for (const ReadEntry& before : opposite.entries) {
    const bool between = before.index >= entry.run.first && before.index < entry.index;
    const bool refuses = before.record && std::holds_alternative<Refusal>(*before.record);
    if (between && !refuses) run.end = before.index;
  }
  RefusedEntry named{refusal.leaf_hash == verdict_.leaf_hash ? RefusedEntry::Found::kEntry
                                                             : RefusedEntry::Found::kAnother};
  named.refused_before = verdict_.refusal.has_value();
  if (verdict_.receipt) named.receipted = head().size;
  const RefusalWorth worth = judge_refusal(refusal, {entry.index, entry.run, begins()}, named, run);
  if (worth == RefusalWorth::kCounts) {
    verdict_.refusal = ProvenRefusal{
        {opposite.head.checkpoint.origin, entry.index}, entry.entry->stamp.time, refusal.reason};
    return;
  }
  findings_.add(FindingCode::kRefusal, place,
                "its refusal of the message changes nothing: " + std::string(to_string(worth)),
                "refused " + to_hex(refusal.leaf_hash));
}

/// Of the sender's office, by the receiver, on the word of the sender's authority.
void EvidenceVerifier::take_revocation(const RevocationRecord& record, const ReadEntry& entry,
                                       const std::string& place) {
  const auto revocation = identity::Revocation::parse(record.revocation);
  if (!revocation || revocation->details().kind != identity::CertificateKind::kOffice) return;
  if (!identity::check_revocation(journal_->authority, *revocation)) {
    return findings_.add(FindingCode::kRevocation, place,
                         "it holds a revocation of " + head().origin.from.text() +
                             " that its authority did not sign");
  }
  const std::uint64_t statement = revocation->details().statement;
  if (statement <= journal_->office.details().statement) return;
  const Stamp& cut = entry.entry->stamp;
  const std::uint32_t generation = head().origin.generation;
  const bool after =
      generation > cut.generation || (generation == cut.generation && evidence_.index >= cut.size);
  const std::string by = "statement " + std::to_string(statement) + " of its authority";
  if (!after) return note("the sender's office was revoked later, by " + by);
  findings_.add(FindingCode::kRevoked, entry_place("journal", evidence_.index),
                "it lies after the sender's office was revoked by " + by + " (" + place + ")");
}

void EvidenceVerifier::read_disclosed() {
  for (std::size_t i = 0; i < evidence_.journal.entries.size(); ++i) {
    const auto& disclosed = evidence_.journal.entries[i].disclosed;
    if (!disclosed) continue;
    const ReadEntry& entry = journal_->entries[i];
    const auto* introduced =
        entry.record ? std::get_if<CertificateRecord>(&*entry.record) : nullptr;
    const auto differs = [&](const char* what) {
      findings_.add(FindingCode::kContent, entry_place("journal", entry.index), what);
    };
    if (i == at_ && entry.envelope) {
      const bool matches = seal::commit_to_content(disclosed->salt, disclosed->content) ==
                           entry.envelope->commitment;
      verdict_.content = matches ? Content::kMatches : Content::kDiffers;
      if (matches) verdict_.disclosed = disclosed->content;
      if (!matches) differs("the content is not the one its author committed to");
    } else if (introduced != nullptr) {
      const auto certificate = identity::Certificate::parse(introduced->certificate);
      const auto name = identity::OfficerName::parse(disclosed->content);
      if (!certificate || !name ||
          identity::commit_to_name(disclosed->salt, disclosed->content) !=
              certificate->details().name_commitment) {
        differs("the name is not the one the officer's certificate commits to");
        continue;
      }
      for (auto* who : {&verdict_.author, &verdict_.releaser}) {
        if (*who && (*who)->certificate == certificate->fingerprint()) (*who)->name = *name;
      }
    } else {
      differs("it has nothing that could be disclosed");
    }
  }
  for (const ProvenJournal& journal : evidence_.opposite) {
    for (const ProvenEntry& entry : journal.entries) {
      if (!entry.disclosed) continue;
      findings_.add(FindingCode::kContent, entry_place("opposite", entry.index),
                    "it has nothing that could be disclosed");
    }
  }
}

void EvidenceVerifier::settle() {
  if (verdict_.claim) {
    note("dated " + to_rfc3339(verdict_.stamp->time) + " by " + head().origin.from.text() +
         ", received " + to_rfc3339(*verdict_.receipt) +
         ": the clock that dated it was wrong, and the certificates were judged at the receipt's "
         "time");
  }
  // Nobody is shown to have signed it, so the receiver's refusal makes it no less of a finding.
  if (pending_) {
    findings_.add(pending_->first, entry_place("journal", evidence_.index), pending_->second,
                  "leaf hash " + to_hex(verdict_.leaf_hash));
    if (verdict_.refusal) note(refused_by(*verdict_.refusal));
  }
  if (verdict_.after && verdict_.receipt &&
      *verdict_.receipt + kReceiptStep <= verdict_.after->time) {
    note(
        "by the receiver's clock its receipt is older than the entry of its own journal that the "
        "message names: its times contradict each other, and only the order holds");
  }
  const bool lies = verdict_.refusal && verdict_.refusal->reason == RefusalReason::kFalseStamp;
  if (verdict_.stamp && verdict_.stamp->generation != 0 && !verdict_.after && !lies) {
    note(
        "the entry of the opposite journal that the message's stamp names is not in this "
        "evidence");
  }
}

}  // namespace

EvidenceVerdict verify_evidence(ByteView bytes,
                                const std::vector<identity::Certificate>& authorities) {
  const auto evidence = Evidence::parse(bytes);
  if (evidence) return EvidenceVerifier(*evidence, authorities).run();
  EvidenceVerdict verdict;
  Findings findings{std::string()};
  findings.add(FindingCode::kEvidence, "evidence", evidence.error().message());
  verdict.findings = findings.take();
  return verdict;
}

}  // namespace blo::journal
