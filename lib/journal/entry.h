// Entries: what one leaf holds. Canonical bytes in, typed values out.
#ifndef BLO_JOURNAL_ENTRY_H
#define BLO_JOURNAL_ENTRY_H

#include <optional>
#include <variant>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "crypto/sign.h"
#include "identity/certificate.h"
#include "journal/tree.h"

namespace blo::journal {

/// Values are the protobuf enums'.
enum class Kind : std::uint16_t { kAlert = 1, kSeizureNotice = 2, kOpened = 3, kActed = 4 };
/// Opened and acted: messages that say what became of the one they answer.
[[nodiscard]] constexpr bool is_step(std::uint32_t kind) {
  return kind == static_cast<std::uint32_t>(Kind::kOpened) ||
         kind == static_cast<std::uint32_t>(Kind::kActed);
}
enum class Precedence : std::uint8_t { kRoutine = 1, kPriority = 2, kImmediate = 3, kFlash = 4 };
[[nodiscard]] std::string_view to_string(Kind kind);              // "alert", "seizure", "opened"
[[nodiscard]] std::string_view to_string(Precedence precedence);  // "routine" … "flash"
[[nodiscard]] std::optional<Precedence> parse_precedence(std::string_view text);

struct AttachmentHeader {
  Hash commitment;
  std::uint64_t padded_bytes;
};

/// The signed header of a message. docs/format/entry.md gives every field's form.
struct Envelope {
  Network network;
  MessageId message_id;
  OfficeId from;
  OfficeId to;
  identity::Fingerprint officer;
  std::uint32_t kind;  // a Kind, or one of a newer version
  Precedence precedence;
  WallTime created;
  std::optional<WallTime> expires;
  Hash commitment;
  std::uint64_t padded_bytes;
  std::vector<AttachmentHeader> attachments;
  std::optional<MessageId> in_reply_to;
  std::optional<MessageId> supersedes;

  [[nodiscard]] Bytes encode() const;
  [[nodiscard]] static Result<Envelope> parse(ByteView bytes);
};

struct Release {
  identity::Fingerprint officer;
  crypto::Signature signature;
};

/// An envelope as its officer signed it.
struct SignedEnvelope {
  Bytes envelope;
  crypto::Signature signature;
  std::optional<Release> release;
};

/// When an entry was made, and what of the opposite journal its office had receipted.
struct Stamp {
  WallTime time;
  std::uint32_t generation = 0;  // 0: nothing receipted yet, then size is 0 and root zero
  std::uint64_t size = 0;
  Hash root{};
  bool unsure = false;  // the office was not sure of its clock: the time bounds nothing

  /// Never decreasing: time, then generation and within it the size; one size has one root.
  [[nodiscard]] bool follows(const Stamp& earlier) const;
};

/// Values are the protobuf enum's.
enum class RefusalReason : std::uint8_t {
  kMalformed = 1,
  kMisaddressed,
  kUnauthorised,
  kBadSignature,
  kDuplicate,
  kUnopenable,
  kMismatch,
  kInvalidContent,
  kUnknownKind,
  kNotReleased,  // the policy in force asks for a second officer's signature
  kSuperseded,   // an older numbered statement than one that stands before it
  kHeld,         // an erasure of what a legal hold keeps here
  kFalseStamp,   // its stamp names a head that the opposite journal never had
  kNotTaken,     // it has attachments, which this receiver does not take
  kNameForm      // the name beside an officer's certificate is out of form
};
[[nodiscard]] std::string_view to_string(RefusalReason reason);  // a phrase for people

/// How a generation ended: nothing is added to it any more.
struct ClosedGeneration {
  std::uint64_t size = 0;
  Hash root{};
  std::uint32_t generation = 0;  // in an audit trail, where it is not the number before; else 0
  auto operator<=>(const ClosedGeneration&) const = default;
};
struct GenerationStart {
  Bytes authority_certificate;
  Bytes office_certificate;
  Bytes journal_certificate;
  std::optional<ClosedGeneration> previous = {};  // none: this is the first generation
  bool after_loss = false;  // of the one before this office had more once, and lost it
};
struct CertificateRecord {
  Bytes certificate;
  std::uint64_t padded_bytes = 0;  // of the name's body; 0: none
};
struct Refusal {
  std::uint32_t generation;
  std::uint64_t index;
  Hash leaf_hash;
  RefusalReason reason;
};
/// Ends an officer's certificates in this journal, or the opposite journal of a revoked office.
struct RevocationRecord {
  Bytes revocation;
};

/// Every message it fits needs a release; absent parts fit everything.
struct ReleaseRule {
  std::optional<std::uint32_t> kind;
  std::optional<Precedence> precedence;
  auto operator<=>(const ReleaseRule&) const = default;
};
/// In force from its entry on, in place of the one before.
struct Policy {
  std::vector<ReleaseRule> release;
  bool purpose = false;  // who reads the pairing's messages states a purpose

  /// Never of an opened: it has no content of its own.
  [[nodiscard]] bool requires_release(std::uint32_t kind, Precedence precedence) const;
  /// Something is asked for no more that `before` asked for, whatever else is asked for instead.
  [[nodiscard]] bool asks_less_than(const Policy& before) const;
  auto operator<=>(const Policy&) const = default;
};

/// SHA-256 of the text of the audit trail's newest checkpoint.
struct TrailHead {
  Hash hash;
};

/// One request to the daemon, in an audit trail. docs/format/control.md says what is signed.
struct Act {
  std::optional<identity::Fingerprint> officer;  // none: it stood on the Unix user alone
  crypto::Signature signature{};                 // all zero without an officer
  std::array<Byte, 32> nonce{};
  std::uint64_t sequence = 0;
  Hash request_hash{};
  std::uint32_t request = 0;  // the field's number in blo.v1.Request
  std::string subject;        // printable ASCII, at most 100 characters
  bool refused = false;       // not authorised: it was not carried out
  std::uint64_t user = 0;     // the Unix user's number
  std::uint64_t padded_bytes = 0;

  /// What the officer signed, after the purpose's prefix, for a request to the daemon of `office`.
  [[nodiscard]] Bytes signed_bytes(const OfficeId& office) const;
  /// Of the request by its nonce and sequence, which no two requests share.
  [[nodiscard]] MessageId request_id() const;
};
/// The act in an earlier entry was allowed and came to nothing.
struct ActFailed {
  std::uint64_t act = 0;
  std::uint32_t exit_code = 1;  // 1 … 8
};
/// A counterpart that proved who it is was turned away.
struct PeerRefused {
  std::string counterpart;
  std::string reason;  // printable ASCII, at most 200 characters
};

/// Requests of one person that only read, and were answered while the store had no room to enter
/// each of them. The daemon's word.
struct Unentered {
  std::uint64_t person = 1;    // at least 1
  std::uint64_t requests = 1;  // at least 1
  WallTime first{};
  WallTime last{};  // not before the first
};

/// The body of an earlier entry is destroyed here, and is to be destroyed by whoever has a copy.
struct Erasure {
  std::uint64_t index = 0;
  std::string rule;  // printable ASCII, at most 100 characters
  std::uint64_t person = 0;
  std::uint32_t generation = 0;  // an earlier one of the same journal; 0: the erasure's own
  bool received = false;  // it is of the opposite journal's `generation`, and destroyed here alone
};

/// An auditor's text: an export in which it is receipted is complete at least up to here.
struct AuditChallenge {
  std::string text;  // printable ASCII, 1 to 100 characters
};

using Record =
    std::variant<GenerationStart, CertificateRecord, Refusal, RevocationRecord, Policy, TrailHead,
                 Act, ActFailed, PeerRefused, Erasure, AuditChallenge, Unentered>;
[[nodiscard]] Bytes encode_record(const Record& record);
[[nodiscard]] Result<Record> parse_record(ByteView bytes);

struct Entry {
  Stamp stamp;
  std::variant<SignedEnvelope, Bytes> what;  // a message, or an encoded Record

  /// Canonical; CHECKs that the result is at most limits::kEntryBytesMax.
  [[nodiscard]] Bytes encode() const;
  /// Strict: canonical, version 1, every fixed-size field of its size. The inner envelope or record
  /// is parsed by its own function.
  [[nodiscard]] static Result<Entry> parse(ByteView leaf);
  /// The bytes a body of this entry is bound to: the envelope, or the encoded record.
  [[nodiscard]] ByteView bound_bytes() const;
};

}  // namespace blo::journal

#endif
