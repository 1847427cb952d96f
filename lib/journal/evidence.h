// Evidence of one message: everything by which a stranger can judge it, in one file. Made here from
// values and judged in verify_evidence. docs/format/evidence.md.
#ifndef BLO_JOURNAL_EVIDENCE_H
#define BLO_JOURNAL_EVIDENCE_H

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "journal/tree.h"
#include "seal/body.h"

namespace blo::journal {

inline constexpr std::string_view kEvidenceLabel = "BLO EVIDENCE";
/// A content of 256 KiB and a few dozen records of up to 16 KiB.
inline constexpr std::size_t kEvidenceBytesMax = 2 * 1024 * 1024;
/// The same in its armour: base64 in lines.
inline constexpr std::size_t kEvidenceFileBytesMax = 3 * 1024 * 1024;
inline constexpr std::size_t kEvidenceEntriesMax = 64;
inline constexpr std::size_t kEvidenceOppositeMax = 4;
/// A tree of 2^63 leaves has paths of this many hashes.
inline constexpr std::size_t kProofHashesMax = 63;

/// What an entry commits to, and the salt that shows it.
struct Disclosed {
  seal::Salt salt{};
  Bytes content;
};

struct ProvenEntry {
  std::uint64_t index = 0;
  Bytes leaf;
  std::vector<Hash> proof;
  std::optional<Disclosed> disclosed;
};

/// Entries of one journal under one checkpoint.
struct ProvenJournal {
  std::string checkpoint;            // a signed note
  std::vector<ProvenEntry> entries;  // ascending by index, entry 0 first
  std::vector<Hash> consistency;     // from the head that the message's stamp names
};

struct Evidence {
  std::uint64_t index = 0;
  ProvenJournal journal;
  Bytes receiver_authority;
  Bytes receiver_office;
  std::vector<ProvenJournal> opposite;

  [[nodiscard]] Bytes encode() const;
  /// Strict: canonical, version 1, at most kEvidenceBytesMax, every list within its bound, entries
  /// ascending from 0 with the message among them. What the parts hold is not judged. kMalformed.
  [[nodiscard]] static Result<Evidence> parse(ByteView bytes);

  /// The message's entry.
  [[nodiscard]] const ProvenEntry& message() const;
};

/// c2sp.org/tlog-proof@v1: an entry's place in its journal, in the form other programs read. The
/// leaf stands in the `extra` line, so that the file needs nothing beside it.
[[nodiscard]] std::string to_tlog_proof(const ProvenEntry& entry, std::string_view checkpoint);

struct TlogProof {
  std::optional<Bytes> extra;
  std::uint64_t index = 0;
  std::vector<Hash> proof;
  std::string checkpoint;  // a signed note, not parsed

  /// At most kEvidenceBytesMax; kMalformed.
  [[nodiscard]] static Result<TlogProof> parse(std::string_view text);
};

}  // namespace blo::journal

#endif
