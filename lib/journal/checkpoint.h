// Checkpoints (c2sp.org/tlog-checkpoint@v1.0.0): origin, size, root; no extension lines.
#ifndef BLO_JOURNAL_CHECKPOINT_H
#define BLO_JOURNAL_CHECKPOINT_H

#include "base/ids.h"
#include "journal/note.h"
#include "journal/tree.h"

namespace blo::journal {

struct Checkpoint {
  Origin origin;
  std::uint64_t size;
  Hash root;

  /// The note text: three lines, each ended by a newline.
  [[nodiscard]] std::string text() const;
  /// Exactly three lines; size at most kTreeSizeMax; the root of size 0 is empty_root().
  [[nodiscard]] static Result<Checkpoint> parse(std::string_view note_text);
  auto operator<=>(const Checkpoint&) const = default;
};

/// The key under which an origin's checkpoints are verified: key name = origin.
[[nodiscard]] NoteKey journal_note_key(const Origin& origin, const crypto::VerifyKey& key);
/// The key of an office's receipts: name `<network>/<OFFICE>`, type 0x04.
[[nodiscard]] NoteKey receipt_note_key(Network network, const OfficeId& office,
                                       const crypto::VerifyKey& key);

/// A checkpoint whose journal signature verified, beside the note as carried.
struct SignedCheckpoint {
  Checkpoint checkpoint;
  Note note;
};

[[nodiscard]] SignedCheckpoint sign_checkpoint(const Checkpoint& checkpoint,
                                               const crypto::SigningKey& journal_key);
/// Errors: kMalformed, kWrongOrigin, kNoKnownSignature, kBadSignature.
[[nodiscard]] Result<SignedCheckpoint> open_checkpoint(std::string_view note, const Origin& origin,
                                                       const crypto::VerifyKey& journal_key);

}  // namespace blo::journal

#endif
