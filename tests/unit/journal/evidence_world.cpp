#include "evidence_world.h"

#include <set>

namespace blo::journal {
namespace {

LeafHashes hashes_of(const TestJournal& journal) {
  return [&journal](std::uint64_t index) { return leaf_hash(journal.leaves[index]); };
}

identity::Revocation revoked(const TestOffice& office, std::uint64_t person,
                             std::uint64_t statement) {
  identity::RevocationDetails details;
  details.subject = office.id.text();
  details.person = person;
  details.statement = statement;
  details.time = kStart;
  details.issuer = office.office.fingerprint();
  return identity::Revocation::issue(details, office.keys.signing_key(identity::KeyUse::kIdentity));
}

}  // namespace

void name_all_of(const TestJournal& named, TestJournal& naming) {
  naming.stamp.generation = named.origin.generation;
  naming.stamp.size = named.tree.size();
  naming.stamp.root = named.tree.root();
}

ProvenJournal prove(const TestJournal& journal, const std::vector<std::uint64_t>& entries,
                    std::uint64_t size, std::optional<WallTime> receipt) {
  Frontier tree;
  for (std::uint64_t i = 0; i < size; ++i) tree.append(leaf_hash(journal.leaves[i]));
  Note note = sign_checkpoint({journal.origin, size, tree.root()}, journal.key).note;
  if (receipt) {
    const auto cosignature = cosign_note(note.text, to_unix_s(*receipt),
                                         journal.to.keys.signing_key(identity::KeyUse::kReceipt));
    note.signatures.push_back(to_note_signature(cosignature, journal.receipt_key()));
  }
  ProvenJournal proven{note.encode(), {}, {}};
  for (const std::uint64_t index : entries) {
    proven.entries.push_back({index, journal.leaves[index],
                              inclusion_proof(hashes_of(journal), index, size), std::nullopt});
  }
  return proven;
}

std::vector<Hash> consistent_from(const TestJournal& journal, std::uint64_t old_size,
                                  std::uint64_t size) {
  return consistency_proof(hashes_of(journal), old_size, size);
}

EvidenceWorld::EvidenceWorld() {
  back.start();
  back.introduce(rahimov);
  back.message(rahimov, 9);
  back.checkpoint(std::nullopt);

  there.start();
  there.introduce(karimov);
  there.append(Record(Policy{{ReleaseRule{}}, false}));
  there.introduce(nazarova);
  there.has_receipted(back);
  Envelope envelope = there.envelope(karimov, 1);
  envelope.commitment = seal::commit_to_content(salt, content);
  const Bytes bytes = envelope.encode();
  const auto author = crypto::sign(crypto::Purpose::kEnvelope, karimov.key, {bytes});
  const auto release = crypto::sign(crypto::Purpose::kRelease, nazarova.key, {bytes, author});
  there.append(envelope, karimov.key, Release{nazarova.certificate.fingerprint(), release});
  there.append(Record(RevocationRecord{revoked(uz, 7, 13).bytes()}));
}

Evidence EvidenceWorld::evidence() const {
  Evidence evidence;
  evidence.index = 4;
  evidence.journal = prove(there, {0, 1, 2, 3, 4, 5}, 6, receipt);
  evidence.receiver_authority = tj.authority.bytes();
  evidence.receiver_office = tj.office.bytes();
  evidence.opposite = {prove(back, {0, 2}, 3)};
  return evidence;
}

std::vector<std::string> codes(const EvidenceVerdict& verdict) {
  std::set<std::string> found;
  for (const Finding& finding : verdict.findings)
    found.insert(std::string(to_string(finding.code)));
  return {found.begin(), found.end()};
}

}  // namespace blo::journal
