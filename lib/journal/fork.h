// Proof that one journal's key signed two histories: anybody can check it who trusts the authority.
#ifndef BLO_JOURNAL_FORK_H
#define BLO_JOURNAL_FORK_H

#include "identity/certificate.h"
#include "journal/checkpoint.h"

namespace blo::journal {

/// Two checkpoints of one origin that no journal can have both. docs/format/fork.md.
struct ForkProof {
  identity::Certificate authority;
  identity::Certificate office;
  identity::Certificate journal;  // names the origin, and has the key that signed both
  std::string larger;             // signed notes; of equal sizes, any order
  std::string smaller;
  /// Where the sizes differ: the root that the larger tree has at the smaller one's size, and the
  /// consistency proof that shows it.
  Hash root_there{};
  std::vector<Hash> consistency;

  /// Text, for people to carry and for `blo-audit fork`.
  [[nodiscard]] std::string encode() const;
  /// Strict in form; nothing in it is verified.
  [[nodiscard]] static Result<ForkProof> parse(std::string_view text);
};

/// What a proof shows.
struct Fork {
  Checkpoint larger;
  Checkpoint smaller;
  Hash root_there;        // of the larger tree at the smaller one's size
  std::string authority;  // subject of the one it rests on
};

/// kUntrusted: no authority given vouches for the office. Other errors: the certificate, note or
/// proof that does not hold. kNoFork: both checkpoints may be of one journal.
[[nodiscard]] Result<Fork> verify_fork(const ForkProof& proof,
                                       const std::vector<identity::Certificate>& authorities);

/// The proof that `theirs` (a signed note of the same origin) contradicts the journal whose leaves
/// are given, under the signed note `ours`. Needs size of `theirs` in 1 … size of `ours`.
[[nodiscard]] ForkProof make_fork_proof(const identity::Certificate& authority,
                                        const identity::Certificate& office,
                                        const identity::Certificate& journal,
                                        const SignedCheckpoint& ours,
                                        const SignedCheckpoint& theirs, const LeafHashes& leaves);

}  // namespace blo::journal

#endif
