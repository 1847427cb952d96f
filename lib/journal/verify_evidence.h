// Judges evidence of one message. Trusts only the authority certificates it is given.
#ifndef BLO_JOURNAL_VERIFY_EVIDENCE_H
#define BLO_JOURNAL_VERIFY_EVIDENCE_H

#include "identity/request.h"
#include "journal/evidence.h"
#include "journal/verify.h"

namespace blo::journal {

/// An officer who signed the message, as the journal introduced them before it.
struct Signatory {
  std::uint64_t person = 0;
  identity::Fingerprint certificate{};
  std::vector<identity::Role> roles;
  std::uint64_t introduced = 0;             // index of the certificate's entry
  std::optional<std::uint64_t> ended = {};  // index of an entry after the message that ended it
  std::optional<identity::OfficerName> name = {};  // disclosed, and what the certificate commits to
};

/// An entry of one of the two journals, as people name it.
struct EntryPlace {
  Origin origin;
  std::uint64_t index = 0;
};

/// The newest entry of the opposite journal that the sender's office had receipted when it entered
/// the message: the message came after it.
struct EarlierEntry {
  EntryPlace place;
  WallTime time;  // by the receiver's clock
};

struct ProvenRefusal {
  EntryPlace place;
  WallTime time;
  RefusalReason reason;
};

enum class Content : std::uint8_t {
  kNotDisclosed,
  kMatches,  // it is what the author committed to
  kDiffers   // a finding says so
};

/// What is in here beyond findings and notes was proven, each as far as the evidence goes: nothing
/// where it does not.
struct EvidenceVerdict {
  std::optional<MessageNumber> number;  // none: not even the form holds
  std::optional<Network> network;
  std::string sender_authority;    // "UZ 4f2a…"; empty where no authority given vouches for it
  std::string receiver_authority;  // as above
  std::uint64_t size = 0;          // entries under the checkpoint
  Hash root{};
  Hash leaf_hash{};
  std::optional<Stamp> stamp;
  bool claim = false;  // it is later than the receipt by more than a day: it dates nothing
  std::optional<Envelope> envelope;
  std::optional<Signatory> author;
  std::optional<Signatory> releaser;
  bool release_required = false;  // by the policy in force
  std::optional<WallTime> receipt;
  std::optional<EarlierEntry> after;
  std::optional<ProvenRefusal> refusal;
  Content content = Content::kNotDisclosed;
  Bytes disclosed;                // the content, where it matches
  std::vector<Finding> findings;  // any: not verified
  std::vector<std::string> notes;

  [[nodiscard]] bool verified() const { return findings.empty() && number.has_value(); }
};

/// Judges an Evidence's bytes, out of their armour. All text in the verdict but names and content
/// is printable ASCII.
[[nodiscard]] EvidenceVerdict verify_evidence(
    ByteView bytes, const std::vector<identity::Certificate>& authorities);

}  // namespace blo::journal

#endif
