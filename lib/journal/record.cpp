#include "base/check.h"
#include "base/limits.h"
#include "base/wire.h"
#include "blo/v1/journal.pb.h"
#include "journal/entry.h"
#include "journal/wire.h"

namespace blo::journal {
namespace {

bool is_certificate_size(const std::string& bytes) {
  return !bytes.empty() && bytes.size() <= limits::kCertificateBytesMax;
}

constexpr std::size_t kSubjectBytesMax = 100;
constexpr std::size_t kReasonBytesMax = 200;
constexpr std::uint32_t kExitCodeMax = 8;

/// For people and programs to read as it is.
bool is_plain(const std::string& text, std::size_t bytes_max) {
  return text.size() <= bytes_max &&
         std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

Bytes own(const std::string& bytes) { return to_bytes(std::string_view(bytes)); }

Result<Record> from_wire(const v1::GenerationStart& wire) {
  for (const auto* certificate :
       {&wire.authority_certificate(), &wire.office_certificate(), &wire.journal_certificate()}) {
    if (!is_certificate_size(*certificate)) return malformed("generation start");
  }
  GenerationStart start{own(wire.authority_certificate()), own(wire.office_certificate()),
                        own(wire.journal_certificate())};
  if (wire.has_previous()) {
    start.previous.emplace().size = wire.previous().size();
    start.previous->generation = wire.previous().generation();
    const bool copied = copy_exact(as_bytes(wire.previous().root()), start.previous->root);
    if (!copied || wire.previous().size() > kTreeSizeMax ||
        (wire.previous().size() == 0 && start.previous->root != empty_root())) {
      return malformed("generation_start.previous");
    }
  }
  start.after_loss = wire.after_loss();
  if (start.after_loss && !start.previous) return malformed("generation_start.after_loss");
  return Record(std::move(start));
}

Result<Record> from_wire(const v1::CertificateRecord& wire) {
  if (!is_certificate_size(wire.certificate())) return malformed("certificate");
  if (wire.padded_bytes() > limits::kBodyBytesMax) return malformed("padded_bytes");
  return Record(CertificateRecord{own(wire.certificate()), wire.padded_bytes()});
}

Result<Record> from_wire(const v1::Refusal& wire) {
  Refusal refusal{wire.generation(), wire.index(), {}, RefusalReason::kMalformed};
  if (refusal.generation == 0) return malformed("refusal.generation");
  if (refusal.index >= kTreeSizeMax) return malformed("refusal.index");
  if (!copy_exact(as_bytes(wire.leaf_hash()), refusal.leaf_hash)) {
    return malformed("refusal.leaf_hash");
  }
  if (wire.reason() < v1::REFUSAL_REASON_MALFORMED || wire.reason() > v1::RefusalReason_MAX) {
    return malformed("refusal.reason");
  }
  refusal.reason = static_cast<RefusalReason>(wire.reason());
  return Record(refusal);
}

Result<Record> from_wire(const v1::RevocationRecord& wire) {
  if (!is_certificate_size(wire.revocation())) return malformed("revocation");
  return Record(RevocationRecord{own(wire.revocation())});
}

Result<Record> from_wire(const v1::PolicyRecord& wire) {
  Policy policy{{}, wire.purpose()};
  if (static_cast<std::size_t>(wire.release_size()) > limits::kReleaseRulesMax) {
    return malformed("policy.release");
  }
  for (const auto& rule : wire.release()) {
    ReleaseRule& to = policy.release.emplace_back();
    if (rule.kind() < 0) return malformed("policy.kind");
    if (rule.kind() != 0) to.kind = static_cast<std::uint32_t>(rule.kind());
    if (rule.precedence() < 0 || rule.precedence() > v1::PRECEDENCE_FLASH) {
      return malformed("policy.precedence");
    }
    if (rule.precedence() != 0) to.precedence = static_cast<Precedence>(rule.precedence());
  }
  return Record(std::move(policy));
}

Result<Record> from_wire(const v1::TrailHead& wire) {
  TrailHead head{};
  if (!copy_exact(as_bytes(wire.hash()), head.hash)) return malformed("trail_head.hash");
  return Record(head);
}

Result<Record> from_wire(const v1::Act& wire) {
  Act act;
  if (!wire.officer().empty()) {
    act.officer.emplace();
    if (!copy_exact(as_bytes(wire.officer()), *act.officer)) return malformed("act.officer");
    if (!copy_exact(as_bytes(wire.signature()), act.signature)) return malformed("act.signature");
  } else if (!wire.signature().empty()) {
    return malformed("act.signature");
  }
  if (!copy_exact(as_bytes(wire.nonce()), act.nonce)) return malformed("act.nonce");
  if (!copy_exact(as_bytes(wire.request_hash()), act.request_hash)) {
    return malformed("act.request_hash");
  }
  if (!is_plain(wire.subject(), kSubjectBytesMax)) return malformed("act.subject");
  if (wire.padded_bytes() > limits::kBodyBytesMax) return malformed("act.padded_bytes");
  act.sequence = wire.sequence();
  act.request = wire.request();
  act.subject = wire.subject();
  act.refused = wire.refused();
  act.user = wire.user();
  act.padded_bytes = wire.padded_bytes();
  return Record(std::move(act));
}

Result<Record> from_wire(const v1::ActFailed& wire) {
  if (wire.exit_code() == 0 || wire.exit_code() > kExitCodeMax) {
    return malformed("act_failed.exit_code");
  }
  return Record(ActFailed{wire.act(), wire.exit_code()});
}

Result<Record> from_wire(const v1::PeerRefused& wire) {
  if (!OfficeId::parse(wire.counterpart())) return malformed("peer_refused.counterpart");
  if (!is_plain(wire.reason(), kReasonBytesMax)) return malformed("peer_refused.reason");
  return Record(PeerRefused{wire.counterpart(), wire.reason()});
}

Result<Record> from_wire(const v1::Unentered& wire) {
  const auto first = time_from_ms(wire.first_ms());
  const auto last = time_from_ms(wire.last_ms());
  if (wire.person() == 0) return malformed("unentered.person");
  if (wire.requests() == 0) return malformed("unentered.requests");
  if (!first || !last || *last < *first) return malformed("unentered.last");
  return Record(Unentered{wire.person(), wire.requests(), *first, *last});
}

Result<Record> from_wire(const v1::Erasure& wire) {
  if (wire.index() >= kTreeSizeMax) return malformed("erasure.index");
  if (!is_plain(wire.rule(), kSubjectBytesMax)) return malformed("erasure.rule");
  if (wire.received() && wire.generation() == 0) return malformed("erasure.generation");
  return Record(
      Erasure{wire.index(), wire.rule(), wire.person(), wire.generation(), wire.received()});
}

Result<Record> from_wire(const v1::AuditChallenge& wire) {
  if (wire.text().empty() || !is_plain(wire.text(), kSubjectBytesMax)) {
    return malformed("challenge.text");
  }
  return Record(AuditChallenge{wire.text()});
}

void to_wire(const GenerationStart& start, v1::Record& wire) {
  auto& to = *wire.mutable_generation_start();
  set_bytes(*to.mutable_authority_certificate(), start.authority_certificate);
  set_bytes(*to.mutable_office_certificate(), start.office_certificate);
  set_bytes(*to.mutable_journal_certificate(), start.journal_certificate);
  to.set_after_loss(start.after_loss);
  if (!start.previous) return;
  to.mutable_previous()->set_size(start.previous->size);
  set_bytes(*to.mutable_previous()->mutable_root(), start.previous->root);
  to.mutable_previous()->set_generation(start.previous->generation);
}

void to_wire(const CertificateRecord& record, v1::Record& wire) {
  auto& to = *wire.mutable_certificate();
  set_bytes(*to.mutable_certificate(), record.certificate);
  to.set_padded_bytes(record.padded_bytes);
}

void to_wire(const Refusal& refusal, v1::Record& wire) {
  auto& to = *wire.mutable_refusal();
  to.set_generation(refusal.generation);
  to.set_index(refusal.index);
  set_bytes(*to.mutable_leaf_hash(), refusal.leaf_hash);
  to.set_reason(static_cast<v1::RefusalReason>(refusal.reason));
}

void to_wire(const RevocationRecord& record, v1::Record& wire) {
  set_bytes(*wire.mutable_revocation()->mutable_revocation(), record.revocation);
}

void to_wire(const Policy& policy, v1::Record& wire) {
  auto& to = *wire.mutable_policy();
  to.set_purpose(policy.purpose);
  for (const ReleaseRule& rule : policy.release) {
    auto& out = *to.add_release();
    out.set_kind(static_cast<v1::Kind>(rule.kind.value_or(0)));
    if (rule.precedence) out.set_precedence(static_cast<v1::Precedence>(*rule.precedence));
  }
}

void to_wire(const TrailHead& head, v1::Record& wire) {
  set_bytes(*wire.mutable_trail_head()->mutable_hash(), head.hash);
}

void to_wire(const Act& act, v1::Record& wire) {
  auto& to = *wire.mutable_act();
  if (act.officer) {
    set_bytes(*to.mutable_officer(), *act.officer);
    set_bytes(*to.mutable_signature(), act.signature);
  }
  set_bytes(*to.mutable_nonce(), act.nonce);
  to.set_sequence(act.sequence);
  set_bytes(*to.mutable_request_hash(), act.request_hash);
  to.set_request(act.request);
  to.set_subject(act.subject);
  to.set_refused(act.refused);
  to.set_user(act.user);
  to.set_padded_bytes(act.padded_bytes);
}

void to_wire(const ActFailed& failed, v1::Record& wire) {
  wire.mutable_act_failed()->set_act(failed.act);
  wire.mutable_act_failed()->set_exit_code(failed.exit_code);
}

void to_wire(const PeerRefused& refused, v1::Record& wire) {
  wire.mutable_peer_refused()->set_counterpart(refused.counterpart);
  wire.mutable_peer_refused()->set_reason(refused.reason);
}

void to_wire(const Unentered& unentered, v1::Record& wire) {
  auto& to = *wire.mutable_unentered();
  to.set_person(unentered.person);
  to.set_requests(unentered.requests);
  to.set_first_ms(to_unix_ms(unentered.first));
  to.set_last_ms(to_unix_ms(unentered.last));
}

void to_wire(const Erasure& erasure, v1::Record& wire) {
  auto& to = *wire.mutable_erasure();
  to.set_index(erasure.index);
  to.set_rule(erasure.rule);
  to.set_person(erasure.person);
  to.set_generation(erasure.generation);
  to.set_received(erasure.received);
}

void to_wire(const AuditChallenge& challenge, v1::Record& wire) {
  wire.mutable_challenge()->set_text(challenge.text);
}

}  // namespace

Bytes encode_record(const Record& record) {
  v1::Record wire;
  std::visit([&wire](const auto& what) { to_wire(what, wire); }, record);
  return encode_wire(wire);
}

Result<Record> parse_record(ByteView bytes) {
  v1::Record wire;
  if (bytes.size() > limits::kEntryBytesMax) return malformed("record too long");
  if (!parse_canonical(bytes, wire)) return malformed("record is not canonical");
  switch (wire.what_case()) {
    case v1::Record::kGenerationStart: return from_wire(wire.generation_start());
    case v1::Record::kCertificate: return from_wire(wire.certificate());
    case v1::Record::kRefusal: return from_wire(wire.refusal());
    case v1::Record::kRevocation: return from_wire(wire.revocation());
    case v1::Record::kPolicy: return from_wire(wire.policy());
    case v1::Record::kTrailHead: return from_wire(wire.trail_head());
    case v1::Record::kAct: return from_wire(wire.act());
    case v1::Record::kActFailed: return from_wire(wire.act_failed());
    case v1::Record::kPeerRefused: return from_wire(wire.peer_refused());
    case v1::Record::kErasure: return from_wire(wire.erasure());
    case v1::Record::kChallenge: return from_wire(wire.challenge());
    case v1::Record::kUnentered: return from_wire(wire.unentered());
    case v1::Record::WHAT_NOT_SET: break;
  }
  return malformed("record holds nothing");
}

bool Policy::requires_release(std::uint32_t kind, Precedence precedence) const {
  if (kind == static_cast<std::uint32_t>(Kind::kOpened)) return false;
  return std::ranges::any_of(release, [&](const ReleaseRule& rule) {
    return (!rule.kind || *rule.kind == kind) &&
           (!rule.precedence || *rule.precedence == precedence);
  });
}

bool Policy::asks_less_than(const Policy& before) const {
  if (before.purpose && !purpose) return true;
  std::vector<std::uint32_t> kinds{0};  // stands for every kind that neither of them names
  for (const auto* policy : {this, &before}) {
    for (const auto& rule : policy->release) kinds.push_back(rule.kind.value_or(0));
  }
  using enum Precedence;
  for (const std::uint32_t kind : kinds) {
    for (const auto precedence : {kRoutine, kPriority, kImmediate, kFlash}) {
      if (before.requires_release(kind, precedence) && !requires_release(kind, precedence))
        return true;
    }
  }
  return false;
}

Bytes Act::signed_bytes(const OfficeId& office) const {
  Bytes bytes = to_bytes(ByteView(nonce));
  append_be(bytes, sequence);
  append(bytes, std::string_view(office.text()));
  append(bytes, request_hash);
  return bytes;
}

MessageId Act::request_id() const {
  Bytes place;
  append_be(place, sequence);
  const Hash hash = crypto::sha256({nonce, place});
  MessageId id;
  BLO_CHECK(copy_exact(ByteView(hash).first(id.size()), id));
  return id;
}

std::string_view to_string(RefusalReason reason) {
  switch (reason) {
    case RefusalReason::kMalformed: return "malformed";
    case RefusalReason::kMisaddressed: return "addressed to another journal";
    case RefusalReason::kUnauthorised: return "the officer may not send this";
    case RefusalReason::kBadSignature: return "an officer's signature does not hold";
    case RefusalReason::kDuplicate: return "the message id was used before";
    case RefusalReason::kUnopenable: return "the body cannot be opened";
    case RefusalReason::kMismatch: return "the content is not the one committed to";
    case RefusalReason::kInvalidContent: return "the content is not valid";
    case RefusalReason::kUnknownKind: return "a kind of message not known here";
    case RefusalReason::kNotReleased: return "it needs a second officer's release and has none";
    case RefusalReason::kSuperseded: return "a newer statement stands before it";
    case RefusalReason::kHeld: return "a legal hold keeps what was to be erased";
    case RefusalReason::kFalseStamp:
      return "its stamp names a head that the opposite journal never had";
    case RefusalReason::kNotTaken: return "it has attachments, which are not taken there";
    case RefusalReason::kNameForm: return "the officer's name is out of form";
  }
  return "unknown reason";
}

}  // namespace blo::journal
