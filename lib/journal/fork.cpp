#include "journal/fork.h"

#include "base/limits.h"
#include "base/lines.h"
#include "crypto/base64.h"
#include "identity/chain.h"
#include "identity/pem.h"

namespace blo::journal {
namespace {

constexpr std::string_view kHeader = "blo/fork/v1\n";
constexpr std::string_view kNoteEnd = "%%\n";
constexpr std::size_t kPathMax = 128;  // twice the tree's height

Error malformed(const char* what) { return {JournalError::kMalformed, what}; }

std::optional<Hash> take_hash(std::string_view line, std::string_view label) {
  if (!line.starts_with(label)) return std::nullopt;
  const auto bytes = crypto::from_base64(line.substr(label.size()));
  Hash hash;
  if (!bytes || !copy_exact(*bytes, hash)) return std::nullopt;
  return hash;
}

/// The hashes between the header and the empty line.
Result<void> read_path(std::string_view& text, ForkProof& proof) {
  bool first = true;
  for (;;) {
    const auto line = take_line(text);
    if (!line) return malformed("the proof's lines");
    if (line->empty()) return {};
    const auto hash = take_hash(*line, first ? "root " : "path ");
    if (!hash || proof.consistency.size() == kPathMax) return malformed("the proof's lines");
    if (first) {
      proof.root_there = *hash;
    } else {
      proof.consistency.push_back(*hash);
    }
    first = false;
  }
}

using Certificates =
    std::tuple<identity::Certificate, identity::Certificate, identity::Certificate>;

Result<Certificates> read_certificates(std::string_view text) {
  const auto blocks = identity::all_from_pem(identity::kCertificateLabel, text);
  if (!blocks) return blocks.error();
  std::vector<identity::Certificate> parsed;
  for (const Bytes& block : *blocks) {
    auto certificate = identity::Certificate::parse(block);
    if (!certificate) return certificate.error();
    parsed.push_back(std::move(*certificate));
  }
  if (parsed.size() != std::tuple_size_v<Certificates>) return malformed("the three certificates");
  return Certificates{parsed[0], parsed[1], parsed[2]};
}

Result<const identity::Certificate*> find_authority(
    const ForkProof& proof, const std::vector<identity::Certificate>& authorities) {
  const auto found = std::ranges::find_if(authorities, [&](const auto& authority) {
    return authority.fingerprint() == proof.authority.fingerprint();
  });
  if (found == authorities.end())
    return Error(identity::IdentityError::kUntrusted, proof.authority.details().subject);
  return &*found;
}

}  // namespace

std::string ForkProof::encode() const {
  std::string text(kHeader);
  if (root_there != Hash{}) text += "root " + crypto::to_base64(root_there) + "\n";
  for (const Hash& hash : consistency) text += "path " + crypto::to_base64(hash) + "\n";
  text += "\n";
  for (const auto* note : {&larger, &smaller}) (text += *note) += kNoteEnd;
  for (const auto* certificate : {&authority, &office, &journal}) text += certificate->pem();
  return text;
}

Result<ForkProof> ForkProof::parse(std::string_view text) {
  if (text.size() > limits::kForkProofBytesMax || !text.starts_with(kHeader))
    return malformed("the first line");
  std::string_view rest = text.substr(kHeader.size());
  // The certificates first: a proof has no empty ones.
  std::string_view after = rest;
  for (int i = 0; i < 2; ++i) {
    if (!take_until(after, kNoteEnd)) return malformed("the two checkpoints");
  }
  const auto certificates = read_certificates(after);
  if (!certificates) return certificates.error();
  const auto& [authority, office, journal] = *certificates;
  ForkProof proof{authority, office, journal, {}, {}, {}, {}};
  if (const auto done = read_path(rest, proof); !done) return done.error();
  proof.larger = take_until(rest, kNoteEnd).value_or("");
  proof.smaller = take_until(rest, kNoteEnd).value_or("");
  // There is one form of each proof.
  if (proof.encode() != text) return malformed("its form");
  return proof;
}

Result<Fork> verify_fork(const ForkProof& proof,
                         const std::vector<identity::Certificate>& authorities) {
  const auto authority = find_authority(proof, authorities);
  if (!authority) return authority.error();
  if (const auto ok = identity::check_authority(**authority); !ok) return ok.error();
  // When a checkpoint was signed stands nowhere: the office's certificate is judged at its
  // beginning.
  const WallTime some_time =
      std::max(proof.office.details().not_before, (*authority)->details().not_before);
  const auto office = identity::check_office(**authority, proof.office, some_time);
  if (!office) return office.error();
  const auto origin = Origin::parse(proof.journal.details().subject);
  if (!origin) return malformed("the journal's certificate");
  const auto journal = identity::check_journal(proof.office, proof.journal, *origin);
  if (!journal) return journal.error();
  const auto key = proof.journal.details().verify_key(identity::KeyUse::kJournal);
  if (!key) return malformed("the journal's key");
  const auto larger = open_checkpoint(proof.larger, *origin, *key);
  if (!larger) return larger.error().within("the first checkpoint");
  const auto smaller = open_checkpoint(proof.smaller, *origin, *key);
  if (!smaller) return smaller.error().within("the second checkpoint");

  Fork fork{larger->checkpoint, smaller->checkpoint, larger->checkpoint.root,
            (*authority)->details().subject};
  if (fork.larger.size < fork.smaller.size || fork.smaller.size == 0)
    return Error(JournalError::kProofIndex, "the checkpoints' sizes");
  if (fork.larger.size == fork.smaller.size) {
    if (!proof.consistency.empty() || proof.root_there != Hash{})
      return Error(JournalError::kProofLength, "of checkpoints of one size");
  } else {
    fork.root_there = proof.root_there;
    const auto shown = verify_consistency(fork.smaller.size, fork.larger.size, fork.root_there,
                                          fork.larger.root, proof.consistency);
    if (!shown) return shown.error();
  }
  if (fork.root_there == fork.smaller.root) return JournalError::kNoFork;
  return fork;
}

ForkProof make_fork_proof(const identity::Certificate& authority,
                          const identity::Certificate& office, const identity::Certificate& journal,
                          const SignedCheckpoint& ours, const SignedCheckpoint& theirs,
                          const LeafHashes& leaves) {
  const std::uint64_t size = theirs.checkpoint.size;
  BLO_CHECK(size > 0 && size <= ours.checkpoint.size);
  ForkProof proof{authority, office, journal, ours.note.encode(), theirs.note.encode(), {}, {}};
  if (size == ours.checkpoint.size) return proof;
  Frontier there;
  while (there.size() < size) there.append(leaves(there.size()));
  proof.root_there = there.root();
  proof.consistency = consistency_proof(leaves, size, ours.checkpoint.size);
  return proof;
}

}  // namespace blo::journal
