#include "base/check.h"
#include "base/limits.h"
#include "base/wire.h"
#include "blo/v1/journal.pb.h"
#include "journal/entry.h"
#include "journal/wire.h"

namespace blo::journal {
namespace {

constexpr int kAttachmentsMax = 64;

/// Absent, or exactly a message id; false for another size.
bool read_optional_id(const std::string& wire, std::optional<MessageId>& id) {
  if (wire.empty()) return true;
  MessageId value;
  if (!copy_exact(as_bytes(wire), value)) return false;
  id = value;
  return true;
}

Result<std::vector<AttachmentHeader>> read_attachments(const v1::Envelope& wire) {
  if (wire.attachments_size() > kAttachmentsMax) return malformed("attachments");
  std::vector<AttachmentHeader> attachments;
  for (const auto& from : wire.attachments()) {
    AttachmentHeader header{{}, from.padded_bytes()};
    if (!copy_exact(as_bytes(from.commitment()), header.commitment)) {
      return malformed("attachments.commitment");
    }
    if (header.padded_bytes == 0 || header.padded_bytes > kTreeSizeMax) {
      return malformed("attachments.padded_bytes");
    }
    attachments.push_back(header);
  }
  return attachments;
}

/// The fields of fixed size, after the parties.
Result<void> read_fields(const v1::Envelope& wire, Envelope& envelope) {
  if (!copy_exact(as_bytes(wire.message_id()), envelope.message_id)) return malformed("message_id");
  if (!copy_exact(as_bytes(wire.officer()), envelope.officer)) return malformed("officer");
  if (wire.kind() <= 0) return malformed("kind");
  envelope.kind = static_cast<std::uint32_t>(wire.kind());
  if (wire.precedence() < v1::PRECEDENCE_ROUTINE || wire.precedence() > v1::PRECEDENCE_FLASH) {
    return malformed("precedence");
  }
  envelope.precedence = static_cast<Precedence>(wire.precedence());
  const auto created = time_from_ms(wire.created_ms());
  if (!created) return malformed("created");
  envelope.created = *created;
  if (wire.expires_ms() != 0) {
    envelope.expires = time_from_ms(wire.expires_ms());
    if (!envelope.expires || *envelope.expires <= envelope.created) return malformed("expires");
  }
  if (!copy_exact(as_bytes(wire.commitment()), envelope.commitment)) return malformed("commitment");
  envelope.padded_bytes = wire.padded_bytes();
  if (envelope.padded_bytes == 0 || envelope.padded_bytes > limits::kBodyBytesMax) {
    return malformed("padded_bytes");
  }
  if (!read_optional_id(wire.in_reply_to(), envelope.in_reply_to)) return malformed("in_reply_to");
  if (!read_optional_id(wire.supersedes(), envelope.supersedes)) return malformed("supersedes");
  return {};
}

}  // namespace

Bytes Envelope::encode() const {
  v1::Envelope wire;
  wire.set_version(kFormatVersion);
  wire.set_network(static_cast<v1::Network>(network));
  set_bytes(*wire.mutable_message_id(), message_id);
  wire.set_from(from.text());
  wire.set_to(to.text());
  set_bytes(*wire.mutable_officer(), officer);
  wire.set_kind(static_cast<v1::Kind>(kind));
  wire.set_precedence(static_cast<v1::Precedence>(precedence));
  wire.set_created_ms(to_unix_ms(created));
  if (expires) wire.set_expires_ms(to_unix_ms(*expires));
  set_bytes(*wire.mutable_commitment(), commitment);
  wire.set_padded_bytes(padded_bytes);
  for (const AttachmentHeader& header : attachments) {
    auto& attachment = *wire.add_attachments();
    set_bytes(*attachment.mutable_commitment(), header.commitment);
    attachment.set_padded_bytes(header.padded_bytes);
  }
  if (in_reply_to) set_bytes(*wire.mutable_in_reply_to(), *in_reply_to);
  if (supersedes) set_bytes(*wire.mutable_supersedes(), *supersedes);
  return encode_wire(wire);
}

Result<Envelope> Envelope::parse(ByteView bytes) {
  v1::Envelope wire;
  if (bytes.size() > limits::kEntryBytesMax) return malformed("envelope too long");
  if (!parse_canonical(bytes, wire)) return malformed("envelope is not canonical");
  if (wire.version() != kFormatVersion) return Error(JournalError::kUnknownVersion, "envelope");
  if (wire.network() != v1::NETWORK_LIVE && wire.network() != v1::NETWORK_EXERCISE) {
    return malformed("network");
  }
  const auto from = OfficeId::parse(wire.from());
  if (!from) return malformed("from");
  const auto to = OfficeId::parse(wire.to());
  if (!to || *to == *from) return malformed("to");
  Envelope envelope{static_cast<Network>(wire.network()),
                    {},
                    *from,
                    *to,
                    {},
                    0,
                    Precedence::kRoutine,
                    {},
                    {},
                    {},
                    0,
                    {},
                    {},
                    {}};
  const auto read = read_fields(wire, envelope);
  if (!read) return read.error();
  auto attachments = read_attachments(wire);
  if (!attachments) return attachments.error();
  envelope.attachments = std::move(*attachments);
  return envelope;
}

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::kAlert: return "alert";
    case Kind::kSeizureNotice: return "seizure";
    case Kind::kOpened: return "opened";
    case Kind::kActed: return "acted";
  }
  return "unknown kind";
}

std::string_view to_string(Precedence precedence) {
  switch (precedence) {
    case Precedence::kRoutine: return "routine";
    case Precedence::kPriority: return "priority";
    case Precedence::kImmediate: return "immediate";
    case Precedence::kFlash: return "flash";
  }
  return "unknown precedence";
}

std::optional<Precedence> parse_precedence(std::string_view text) {
  for (const auto precedence :
       {Precedence::kRoutine, Precedence::kPriority, Precedence::kImmediate, Precedence::kFlash}) {
    if (text == to_string(precedence)) return precedence;
  }
  return std::nullopt;
}

}  // namespace blo::journal
