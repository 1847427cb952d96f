#include "journal/reader.h"

#include "base/limits.h"
#include "journal/across/claims.h"
#include "journal/opened.h"

namespace blo::journal {
namespace {

void refuse(ReadEntry& entry, RefusalReason reason, FindingCode finding, std::string detail) {
  entry.refusal = reason;
  entry.finding = finding;
  entry.detail = std::move(detail);
}

/// A certificate in a record that is not believed.
void refuse_certificate(ReadEntry& entry, const Error& error) {
  refuse(entry, RefusalReason::kUnauthorised, certificate_finding(error), error.message());
}

bool may_author(const identity::CertificateDetails& officer) {
  return officer.has_role(identity::Role::kOperator) || officer.has_role(identity::Role::kReleaser);
}

bool is_known_kind(std::uint32_t kind) {
  return kind == static_cast<std::uint32_t>(Kind::kAlert) ||
         kind == static_cast<std::uint32_t>(Kind::kSeizureNotice) || is_step(kind);
}

/// What is wrong with an opened or acted by that person as an envelope; null: nothing, or it is
/// neither.
const char* step_flaw(const Envelope& envelope, std::uint64_t person) {
  if (!is_step(envelope.kind)) return nullptr;
  if (!envelope.in_reply_to) return "an opened or acted that answers nothing";
  if (envelope.kind != static_cast<std::uint32_t>(Kind::kOpened)) return nullptr;
  return is_derived(envelope, person) ? nullptr : "an opened that says more than that";
}

std::shared_ptr<const KnownOfficer> to_officer(const identity::Certificate& certificate,
                                               std::uint64_t since) {
  const auto key = certificate.details().verify_key(identity::KeyUse::kOfficer);
  if (!key) return nullptr;
  return std::make_shared<const KnownOfficer>(KnownOfficer{certificate, *key, since});
}

/// Acts stand in audit trails, and what is said to a counterpart stands in its journal.
bool belongs(const Record& record, bool trail) {
  const bool act =
      std::holds_alternative<Act>(record) || std::holds_alternative<ActFailed>(record) ||
      std::holds_alternative<PeerRefused>(record) || std::holds_alternative<Unentered>(record);
  const bool of_both = std::holds_alternative<GenerationStart>(record) ||
                       std::holds_alternative<CertificateRecord>(record) ||
                       std::holds_alternative<RevocationRecord>(record) ||
                       std::holds_alternative<Erasure>(record);
  return of_both || act == trail;
}

std::string about(std::uint64_t person) {
  return "a newer statement about person " + std::to_string(person) + " stands before it";
}

}  // namespace

ParsedLeaf parse_leaf(ByteView leaf) { return parse_leaf(leaf, leaf_hash(leaf)); }

ParsedLeaf parse_leaf(ByteView leaf, const Hash& leaf_hash) {
  ParsedLeaf parsed{leaf.size(), leaf_hash, Entry::parse(leaf)};
  if (!parsed.entry) return parsed;
  if (const auto* message = std::get_if<SignedEnvelope>(&parsed.entry->what)) {
    parsed.envelope = Envelope::parse(message->envelope);
  } else {
    parsed.record = parse_record(std::get<Bytes>(parsed.entry->what));
  }
  return parsed;
}

std::optional<std::uint64_t> body_bytes(const ParsedLeaf& leaf) {
  if (leaf.envelope) {
    if (!*leaf.envelope) return std::nullopt;
    return seal::sealed_bytes((*leaf.envelope)->padded_bytes);
  }
  if (!leaf.record || !*leaf.record) return std::nullopt;
  const auto* introduced = std::get_if<CertificateRecord>(&**leaf.record);
  const bool has_name = introduced != nullptr && introduced->padded_bytes > 0;
  return has_name ? seal::sealed_bytes(introduced->padded_bytes) : 0;
}

bool check_signatures(const ReadEntry& entry) {
  if (entry.refusal) return true;
  if (entry.record && entry.author) {
    const auto& act = std::get<Act>(*entry.record);
    const auto office = OfficeId::parse(entry.author->certificate.details().subject);
    return office && crypto::verify(crypto::Purpose::kControlRequest, entry.author->key,
                                    {act.signed_bytes(*office)}, act.signature);
  }
  if (!entry.envelope) return true;
  const auto& message = std::get<SignedEnvelope>(entry.entry->what);
  if (!crypto::verify(crypto::Purpose::kEnvelope, entry.author->key, {message.envelope},
                      message.signature)) {
    return false;
  }
  return !message.release ||
         crypto::verify(crypto::Purpose::kRelease, entry.releaser->key,
                        {message.envelope, message.signature}, message.release->signature);
}

bool is_erasable(const ReadEntry& entry) {
  if (entry.refusal == RefusalReason::kMalformed) return false;
  return entry.envelope ||
         (entry.record && std::holds_alternative<CertificateRecord>(*entry.record));
}

Reader::Reader(const Origin& origin, const identity::Certificate& office)
    : origin_(origin), office_(office), times_bind_(!origin.is_trail()) {}

/// The rules about the stamp itself; false: it breaks one.
bool Reader::read_stamp(ReadEntry& out, StampVerdict verdict) {
  const Stamp& stamp = out.entry->stamp;
  const WallTime before = stamps_.last().time;
  out.claim = is_claim(stamp.time, out.received);
  out.judged_at = out.dated();
  if (out.claim) out.judged_at = std::max(*out.received, before);
  if (stamp.unsure && !out.claim && times_) out.judged_at = times_->authorising(stamp.time);
  if (times_ && out.index == 0) times_->begin(out.judged_at);
  const TimeBound bound = out.claim || stamp.unsure ? TimeBound::kNone
                          : times_bind_             ? TimeBound::kBinds
                                                    : TimeBound::kNotes;
  out.stamp = stamps_.take(out.index, out.entry->stamp, verdict, bound);
  const WallTime known = newest_known_.value_or(stamps_.last().time);
  if (out.index > 0 && stamps_.last().time != before) known_before_ = known;
  newest_known_ = std::max(known, stamps_.last().time);
  out.run = stamps_.run();
  const bool back = (out.stamp == StampOrder::kTimeGoesBack && times_bind_) ||
                    out.stamp == StampOrder::kHeadGoesBack;
  if (back) {
    refuse(out, RefusalReason::kMalformed, FindingCode::kStamp, "the stamp goes back");
  } else if (verdict == StampVerdict::kFalse) {
    refuse(out, RefusalReason::kFalseStamp, FindingCode::kInterlock,
           "its stamp names a head that the opposite journal never had: size " +
               std::to_string(stamp.size) + " of generation " + std::to_string(stamp.generation));
  }
  if (times_ && out.is_sure()) times_->add(stamp.time);
  return !out.refusal;
}

ReadEntry Reader::read(ParsedLeaf leaf, StampVerdict verdict, std::optional<WallTime> received) {
  ReadEntry out;
  out.index = next_++;
  out.received = received;
  out.leaf_hash = leaf.leaf_hash;
  if (!leaf.entry) {
    const bool oversize = leaf.bytes > limits::kEntryBytesMax;
    refuse(out, RefusalReason::kMalformed,
           oversize ? FindingCode::kOversize : FindingCode::kMalformed,
           leaf.entry.error().message());
    return out;
  }
  out.entry = std::move(*leaf.entry);
  if (!read_stamp(out, verdict)) {
    // It is shown as what it claims to be.
    if (leaf.envelope && *leaf.envelope) out.envelope = std::move(**leaf.envelope);
    if (leaf.record && *leaf.record) out.record = std::move(**leaf.record);
  } else if (leaf.envelope) {
    read_message(out, std::move(*leaf.envelope));
  } else {
    read_record(out, std::move(*leaf.record));
  }
  return out;
}

void Reader::read_message(ReadEntry& out, Result<Envelope> envelope) {
  if (out.index == 0) {
    return refuse(out, RefusalReason::kMalformed, FindingCode::kStart,
                  "entry 0 is not a generation start");
  }
  if (origin_.is_trail()) {
    return refuse(out, RefusalReason::kMalformed, FindingCode::kMisplaced,
                  "a message in an audit trail");
  }
  const auto& message = std::get<SignedEnvelope>(out.entry->what);
  if (!envelope) {
    return refuse(out, RefusalReason::kMalformed, FindingCode::kMalformed,
                  envelope.error().message());
  }
  out.envelope = std::move(*envelope);
  if (out.envelope->network != origin_.network) {
    return refuse(out, RefusalReason::kMisaddressed, FindingCode::kNetwork,
                  "the envelope names another network");
  }
  if (out.envelope->from != origin_.from || out.envelope->to != origin_.to) {
    return refuse(out, RefusalReason::kMisaddressed, FindingCode::kMisaddressed,
                  "the envelope is from or to another office");
  }
  if (!office_.details().valid_at(out.judged_at)) {
    return refuse(out, RefusalReason::kUnauthorised, FindingCode::kValidity,
                  "the office's certificate is not valid then");
  }
  out.author = officer(out.envelope->officer);
  if (!out.author) return refuse_unknown(out, out.envelope->officer);
  const auto& author = out.author->certificate.details();
  if (!author.valid_at(out.judged_at)) {
    return refuse(out, RefusalReason::kUnauthorised, FindingCode::kValidity,
                  "officer's certificate not valid then");
  }
  if (!may_author(author)) {
    return refuse(out, RefusalReason::kUnauthorised, FindingCode::kRole,
                  "officer is neither operator nor releaser");
  }
  if (message.release && !read_release(out, *message.release)) return;
  if (!message.release && policy_.requires_release(out.envelope->kind, out.envelope->precedence)) {
    return refuse(out, RefusalReason::kNotReleased, FindingCode::kRelease,
                  "the policy in force asks for a release");
  }
  if (!is_known_kind(out.envelope->kind)) {
    return refuse(out, RefusalReason::kUnknownKind, FindingCode::kKind,
                  "kind " + std::to_string(out.envelope->kind) + " is not known here");
  }
  if (const char* flaw = step_flaw(*out.envelope, author.person))
    refuse(out, RefusalReason::kMalformed, FindingCode::kMalformed, flaw);
}

bool Reader::read_release(ReadEntry& out, const Release& release) {
  out.releaser = officer(release.officer);
  if (!out.releaser) {
    refuse_unknown(out, release.officer);
    return false;
  }
  const auto& details = out.releaser->certificate.details();
  const auto forbid = [&out](FindingCode finding, const char* why) {
    refuse(out, RefusalReason::kUnauthorised, finding, why);
    return false;
  };
  if (!details.valid_at(out.judged_at)) {
    return forbid(FindingCode::kValidity, "releaser's certificate not valid then");
  }
  if (!details.has_role(identity::Role::kReleaser)) {
    return forbid(FindingCode::kRole, "the second officer is not a releaser");
  }
  if (details.person == out.author->certificate.details().person) {
    return forbid(FindingCode::kSelfRelease, "author and releaser are one person");
  }
  // Two persons with one key are one pair of eyes, whatever their numbers say.
  if (out.releaser->key == out.author->key) {
    return forbid(FindingCode::kSelfRelease, "author and releaser have one key");
  }
  return true;
}

void Reader::read_record(ReadEntry& out, Result<Record> record) {
  if (!record) {
    return refuse(out, RefusalReason::kMalformed, FindingCode::kMalformed,
                  record.error().message());
  }
  out.record = std::move(*record);
  const auto* start = std::get_if<GenerationStart>(&*out.record);
  if ((out.index == 0) != (start != nullptr)) {
    return refuse(out, RefusalReason::kMalformed, FindingCode::kStart,
                  "a generation start is entry 0 and nothing else is");
  }
  if (!belongs(*out.record, origin_.is_trail())) {
    return refuse(out, RefusalReason::kMalformed, FindingCode::kMisplaced,
                  "a record that belongs into another journal");
  }
  if (start != nullptr) return read_start(out, *start);
  if (const auto* introduced = std::get_if<CertificateRecord>(&*out.record)) {
    read_certificate(out, *introduced);
  } else if (const auto* revoked = std::get_if<RevocationRecord>(&*out.record)) {
    read_revocation(out, *revoked);
  } else if (const auto* policy = std::get_if<Policy>(&*out.record)) {
    policy_ = *policy;
  } else if (const auto* act = std::get_if<Act>(&*out.record)) {
    read_act(out, *act);
  } else if (const auto* failed = std::get_if<ActFailed>(&*out.record)) {
    if (failed->act >= out.index)
      refuse(out, RefusalReason::kMalformed, FindingCode::kAct, "what failed is no earlier act");
  } else if (std::holds_alternative<Unentered>(*out.record)) {
    if (office_.details().not_after < out.judged_at) out.after_end = Validity::kOfficeOver;
  } else if (const auto* erasure = std::get_if<Erasure>(&*out.record)) {
    read_erasure(out, *erasure);
  }
}

void Reader::read_erasure(ReadEntry& out, const Erasure& erasure) const {
  const auto is = [&out](const char* what) {
    refuse(out, RefusalReason::kMalformed, FindingCode::kErasure,
           std::string("what is erased is ") + what);
  };
  if (erasure.received) {
    const Stamp& stamp = out.entry->stamp;
    const bool receipted = erasure.generation < stamp.generation ||
                           (erasure.generation == stamp.generation && erasure.index < stamp.size);
    if (!receipted) is("not receipted by then");
  } else if (erasure.generation >= origin_.generation) {
    is("of no earlier generation");
  } else if (erasure.generation == 0 && erasure.index >= out.index) {
    is("no earlier entry");
  }
}

void Reader::read_start(ReadEntry& out, const GenerationStart& start) {
  if (start.previous.has_value() != (origin_.generation > 1)) {
    return refuse(out, RefusalReason::kMalformed, FindingCode::kStart,
                  "every generation but the first says how the one before ended");
  }
  const std::uint32_t named = start.previous ? start.previous->generation : 0;
  if (named != 0 && (!origin_.is_trail() || named + 1 >= origin_.generation)) {
    return refuse(out, RefusalReason::kMalformed, FindingCode::kStart,
                  "it names a generation that none follows so");
  }
  if (start.after_loss && origin_.is_trail()) {
    return refuse(out, RefusalReason::kMalformed, FindingCode::kStart,
                  "a trail that says what pair journals say of a loss");
  }
  if (start.office_certificate != office_.bytes()) {
    return refuse(out, RefusalReason::kUnauthorised, FindingCode::kStart,
                  "office certificate is another one");
  }
  const auto journal = identity::Certificate::parse(start.journal_certificate);
  if (!journal) return refuse_certificate(out, journal.error());
  const auto checked = identity::check_journal(office_, *journal, origin_);
  if (!checked) refuse_certificate(out, checked.error());
}

void Reader::read_certificate(ReadEntry& out, const CertificateRecord& record) {
  const auto certificate = identity::Certificate::parse(record.certificate);
  if (!certificate) return refuse_certificate(out, certificate.error());
  // In a trail it is introduced to be read by, also after an end: the chain need not hold any more.
  WallTime time = out.judged_at;
  const auto validity = validity_of(certificate->details(), office_.details(), asked_at(out));
  if (origin_.is_trail() && suffices(validity, ActNeeds::kReading))
    time = std::max(certificate->details().not_before, office_.details().not_before);
  const auto checked = identity::check_officer(office_, *certificate, time);
  if (!checked) return refuse_certificate(out, checked.error());
  if (officer(certificate->fingerprint())) {  // in force already: said twice changes nothing
    return;
  }
  const auto& details = certificate->details();
  if (details.statement <= statement_about(details.person)) {
    return refuse(out, RefusalReason::kSuperseded, FindingCode::kStatement, about(details.person));
  }
  introduce(*certificate, out.index);
}

void Reader::read_revocation(ReadEntry& out, const RevocationRecord& record) {
  const auto revocation = identity::Revocation::parse(record.revocation);
  if (!revocation) {
    return refuse(out, RefusalReason::kUnauthorised, FindingCode::kRevocation,
                  revocation.error().message());
  }
  const auto& details = revocation->details();
  if (details.kind == identity::CertificateKind::kOffice) {
    // About the counterpart: its authority's signature is for whoever trusts that authority.
    const bool theirs = !origin_.is_trail() && details.subject == origin_.to.text() &&
                        details.network == origin_.network;
    if (!theirs)
      refuse(out, RefusalReason::kUnauthorised, FindingCode::kRevocation,
             "the revocation of another office");
    return;
  }
  const auto checked = identity::check_revocation(office_, *revocation);
  if (!checked) {
    return refuse(out, RefusalReason::kUnauthorised, FindingCode::kRevocation,
                  checked.error().message());
  }
  if (details.statement <= statement_about(details.person)) {
    return refuse(out, RefusalReason::kSuperseded, FindingCode::kStatement, about(details.person));
  }
  revoke(*revocation);
}

/// What was not carried out may have been asked by anybody who once was an officer.
void Reader::read_act(ReadEntry& out, const Act& act) {
  const ActNeeds needs = needs_of(act.request);
  const AskedAt at = asked_at(out);
  if (needs == ActNeeds::kReading && office_.details().not_after < at.time)
    out.after_end = Validity::kOfficeOver;
  if (!act.officer) return;
  out.author = officer(*act.officer);
  if (act.refused) return;
  if (!out.author) return refuse_unknown(out, *act.officer);
  const Validity validity = validity_of(out.author->certificate.details(), office_.details(), at);
  if (!suffices(validity, needs)) {
    return refuse(out, RefusalReason::kUnauthorised, FindingCode::kValidity,
                  "a certificate is not valid then");
  }
  if (validity != Validity::kInForce && !out.after_end) out.after_end = validity;
}

AskedAt Reader::asked_at(const ReadEntry& entry) const {
  AskedAt at(entry.judged_at);
  if (known_before_) at.may_be(*known_before_);
  if (entry.entry->stamp.unsure) at.may_be(entry.dated());
  return at;
}

void Reader::introduce(const identity::Certificate& certificate, std::uint64_t index) {
  auto known = to_officer(certificate, index);
  if (!known) return;
  const auto& details = certificate.details();
  certificates_[certificate.fingerprint()] = details.person;
  persons_[details.person] = {details.statement, std::move(known)};
}

void Reader::revoke(const identity::Revocation& revocation) {
  persons_[revocation.details().person] = {revocation.details().statement, nullptr};
}

std::uint64_t Reader::statement_about(std::uint64_t person) const {
  const auto found = persons_.find(person);
  return found == persons_.end() ? 0 : found->second.statement;
}

void Reader::resume(std::uint64_t next, const StampsInForce& stamps,
                    const std::vector<std::pair<std::uint64_t, Bytes>>& records) {
  next_ = next;
  stamps_ = stamps;
  const auto office_key = office_.details().verify_key(identity::KeyUse::kIdentity);
  if (!office_key) return;
  for (const auto& [index, bytes] : records) {
    // They were judged when they were read; a file that changed since does not make an officer.
    const auto record = parse_record(bytes);
    if (!record) continue;
    if (const auto* introduced = std::get_if<CertificateRecord>(&*record)) {
      const auto certificate = identity::Certificate::parse(introduced->certificate);
      if (certificate && certificate->signed_by(*office_key)) introduce(*certificate, index);
    } else if (const auto* revoked = std::get_if<RevocationRecord>(&*record)) {
      const auto revocation = identity::Revocation::parse(revoked->revocation);
      if (revocation && revocation->signed_by(*office_key)) revoke(*revocation);
    } else if (const auto* policy = std::get_if<Policy>(&*record)) {
      policy_ = *policy;
    }
  }
}

std::shared_ptr<const KnownOfficer> Reader::officer(
    const identity::Fingerprint& fingerprint) const {
  const auto whose = certificates_.find(fingerprint);
  if (whose == certificates_.end()) return nullptr;
  const auto& officer = persons_.at(whose->second).officer;
  return officer && officer->certificate.fingerprint() == fingerprint ? officer : nullptr;
}

void Reader::refuse_unknown(ReadEntry& out, const identity::Fingerprint& fingerprint) const {
  const auto whose = certificates_.find(fingerprint);
  if (whose == certificates_.end()) {
    return refuse(out, RefusalReason::kUnauthorised, FindingCode::kOfficer,
                  "officer not known here");
  }
  if (persons_.at(whose->second).officer) {
    return refuse(out, RefusalReason::kUnauthorised, FindingCode::kReplacedOfficer,
                  "officer's certificate was replaced");
  }
  refuse(out, RefusalReason::kUnauthorised, FindingCode::kRevokedOfficer,
         "officer's certificate was revoked");
}

}  // namespace blo::journal
