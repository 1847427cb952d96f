#include "journal/reader.h"

namespace blo::journal {
namespace {

void refuse(ReadEntry& entry, RefusalReason reason, std::string detail) {
  entry.refusal = reason;
  entry.detail = std::move(detail);
}

bool may_author(const identity::CertificateDetails& officer) {
  return officer.has_role(identity::Role::kOperator) || officer.has_role(identity::Role::kReleaser);
}

bool is_known_kind(std::uint32_t kind) {
  return kind == static_cast<std::uint32_t>(Kind::kAlert) ||
         kind == static_cast<std::uint32_t>(Kind::kSeizureNotice);
}

std::shared_ptr<const KnownOfficer> to_officer(const identity::Certificate& certificate,
                                               std::uint64_t since) {
  const auto key = certificate.details().verify_key(identity::KeyUse::kOfficer);
  if (!key) return nullptr;
  return std::make_shared<const KnownOfficer>(KnownOfficer{certificate, *key, since});
}

}  // namespace

bool check_signatures(const ReadEntry& entry) {
  if (entry.refusal || !entry.envelope) return true;
  const auto& message = std::get<SignedEnvelope>(entry.entry->what);
  if (!crypto::verify(crypto::Purpose::kEnvelope, entry.author->key, {message.envelope},
                      message.signature)) {
    return false;
  }
  return !message.release ||
         crypto::verify(crypto::Purpose::kRelease, entry.releaser->key,
                        {message.envelope, message.signature}, message.release->signature);
}

Reader::Reader(const Origin& origin, const identity::Certificate& office)
    : origin_(origin), office_(office) {}

ReadEntry Reader::read(ByteView leaf) {
  ReadEntry out;
  out.index = next_++;
  out.leaf_hash = leaf_hash(leaf);
  auto entry = Entry::parse(leaf);
  if (!entry) {
    refuse(out, RefusalReason::kMalformed, entry.error().message());
    return out;
  }
  out.entry = std::move(*entry);
  if (!out.entry->stamp.follows(last_stamp_)) {
    refuse(out, RefusalReason::kMalformed, "the stamp goes back");
    return out;
  }
  last_stamp_ = out.entry->stamp;
  if (std::holds_alternative<SignedEnvelope>(out.entry->what)) {
    read_message(out);
  } else {
    read_record(out);
  }
  return out;
}

void Reader::read_message(ReadEntry& out) {
  if (out.index == 0) {
    return refuse(out, RefusalReason::kMalformed, "entry 0 is not a generation start");
  }
  const auto& message = std::get<SignedEnvelope>(out.entry->what);
  auto envelope = Envelope::parse(message.envelope);
  if (!envelope) return refuse(out, RefusalReason::kMalformed, envelope.error().message());
  out.envelope = std::move(*envelope);
  if (out.envelope->network != origin_.network || out.envelope->from != origin_.from ||
      out.envelope->to != origin_.to) {
    return refuse(out, RefusalReason::kMisaddressed, "network, from or to");
  }
  if (!office_.details().valid_at(out.entry->stamp.time)) {
    return refuse(out, RefusalReason::kUnauthorised, "the office's certificate is not valid then");
  }
  out.author = officer(out.envelope->officer);
  if (!out.author) return refuse(out, RefusalReason::kUnauthorised, "officer not known here");
  const auto& author = out.author->certificate.details();
  if (!author.valid_at(out.entry->stamp.time)) {
    return refuse(out, RefusalReason::kUnauthorised, "officer's certificate not valid then");
  }
  if (!may_author(author)) {
    return refuse(out, RefusalReason::kUnauthorised, "officer is neither operator nor releaser");
  }
  if (message.release && !read_release(out, *message.release)) return;
  if (!is_known_kind(out.envelope->kind)) {
    refuse(out, RefusalReason::kUnknownKind, "kind " + std::to_string(out.envelope->kind));
  }
}

bool Reader::read_release(ReadEntry& out, const Release& release) {
  out.releaser = officer(release.officer);
  const char* why = nullptr;
  if (!out.releaser) {
    why = "releaser not known here";
  } else if (const auto& details = out.releaser->certificate.details();
             !details.valid_at(out.entry->stamp.time)) {
    why = "releaser's certificate not valid then";
  } else if (!details.has_role(identity::Role::kReleaser)) {
    why = "the second officer is not a releaser";
  } else if (details.person == out.author->certificate.details().person) {
    why = "author and releaser are one person";
  }
  if (why != nullptr) refuse(out, RefusalReason::kUnauthorised, why);
  return why == nullptr;
}

void Reader::read_record(ReadEntry& out) {
  auto record = parse_record(std::get<Bytes>(out.entry->what));
  if (!record) return refuse(out, RefusalReason::kMalformed, record.error().message());
  out.record = std::move(*record);
  const auto* start = std::get_if<GenerationStart>(&*out.record);
  if ((out.index == 0) != (start != nullptr)) {
    return refuse(out, RefusalReason::kMalformed,
                  "a generation start is entry 0 and nothing else is");
  }
  if (start != nullptr) return read_start(out, *start);
  if (const auto* introduced = std::get_if<CertificateRecord>(&*out.record)) {
    read_certificate(out, *introduced);
  }
}

void Reader::read_start(ReadEntry& out, const GenerationStart& start) {
  if (start.office_certificate != office_.bytes()) {
    return refuse(out, RefusalReason::kUnauthorised, "office certificate is another one");
  }
  const auto journal = identity::Certificate::parse(start.journal_certificate);
  if (!journal) return refuse(out, RefusalReason::kUnauthorised, journal.error().message());
  const auto checked = identity::check_journal(office_, *journal, origin_);
  if (!checked) refuse(out, RefusalReason::kUnauthorised, checked.error().message());
}

void Reader::read_certificate(ReadEntry& out, const CertificateRecord& record) {
  const auto certificate = identity::Certificate::parse(record.certificate);
  if (!certificate) return refuse(out, RefusalReason::kUnauthorised, certificate.error().message());
  const auto checked = identity::check_officer(office_, *certificate, out.entry->stamp.time);
  if (!checked) return refuse(out, RefusalReason::kUnauthorised, checked.error().message());
  if (auto known = to_officer(*certificate, out.index)) {
    officers_.emplace(certificate->fingerprint(), std::move(known));
  }
}

void Reader::resume(std::uint64_t next, const Stamp& last_stamp,
                    std::vector<std::pair<std::uint64_t, Bytes>> certificates) {
  next_ = next;
  last_stamp_ = last_stamp;
  const auto office_key = office_.details().verify_key(identity::KeyUse::kIdentity);
  for (const auto& [index, bytes] : certificates) {
    // They were judged when they were read; a file that changed since does not make an officer.
    const auto certificate = identity::Certificate::parse(bytes);
    if (!certificate || !office_key || !certificate->signed_by(*office_key)) continue;
    if (auto known = to_officer(*certificate, index)) {
      officers_.emplace(certificate->fingerprint(), std::move(known));
    }
  }
}

std::shared_ptr<const KnownOfficer> Reader::officer(
    const identity::Fingerprint& fingerprint) const {
  const auto found = officers_.find(fingerprint);
  return found == officers_.end() ? nullptr : found->second;
}

}  // namespace blo::journal
