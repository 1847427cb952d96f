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

Bytes own(const std::string& bytes) { return to_bytes(std::string_view(bytes)); }

Result<Record> from_wire(const v1::GenerationStart& wire) {
  for (const auto* certificate :
       {&wire.authority_certificate(), &wire.office_certificate(), &wire.journal_certificate()}) {
    if (!is_certificate_size(*certificate)) return malformed("generation start");
  }
  return Record(GenerationStart{own(wire.authority_certificate()), own(wire.office_certificate()),
                                own(wire.journal_certificate())});
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
  if (wire.reason() < v1::REFUSAL_REASON_MALFORMED ||
      wire.reason() > v1::REFUSAL_REASON_UNKNOWN_KIND) {
    return malformed("refusal.reason");
  }
  refusal.reason = static_cast<RefusalReason>(wire.reason());
  return Record(refusal);
}

void to_wire(const GenerationStart& start, v1::Record& wire) {
  auto& to = *wire.mutable_generation_start();
  set_bytes(*to.mutable_authority_certificate(), start.authority_certificate);
  set_bytes(*to.mutable_office_certificate(), start.office_certificate);
  set_bytes(*to.mutable_journal_certificate(), start.journal_certificate);
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
    case v1::Record::WHAT_NOT_SET: break;
  }
  return malformed("record holds nothing");
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
  }
  return "unknown reason";
}

}  // namespace blo::journal
