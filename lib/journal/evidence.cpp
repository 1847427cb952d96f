#include "journal/evidence.h"

#include "base/limits.h"
#include "base/wire.h"
#include "blo/v1/evidence.pb.h"
#include "journal/wire.h"

namespace blo::journal {
namespace {

template <class List>
std::optional<std::vector<Hash>> hashes_from_wire(const List& list) {
  std::vector<Hash> hashes;
  if (static_cast<std::size_t>(list.size()) > 2 * kProofHashesMax) return std::nullopt;
  for (const auto& value : list) {
    if (!copy_exact(as_bytes(value), hashes.emplace_back())) return std::nullopt;
  }
  return hashes;
}

Result<ProvenEntry> entry_from_wire(const v1::ProvenEntry& wire) {
  ProvenEntry entry;
  entry.index = wire.index();
  if (entry.index >= kTreeSizeMax) return malformed("an entry's index");
  entry.leaf = to_bytes(wire.leaf());
  if (entry.leaf.empty() || entry.leaf.size() > UINT16_MAX) return malformed("an entry's size");
  auto proof = hashes_from_wire(wire.proof());
  if (!proof || proof->size() > kProofHashesMax) return malformed("an inclusion proof");
  entry.proof = std::move(*proof);
  if (wire.salt().empty() && wire.content().empty()) return entry;
  Disclosed disclosed;
  if (!copy_exact(as_bytes(wire.salt()), disclosed.salt) || wire.content().empty() ||
      wire.content().size() > limits::kContentBytesMax) {
    return malformed("what is disclosed");
  }
  disclosed.content = to_bytes(wire.content());
  entry.disclosed = std::move(disclosed);
  return entry;
}

Result<ProvenJournal> journal_from_wire(const v1::ProvenJournal& wire) {
  ProvenJournal journal;
  journal.checkpoint = wire.checkpoint();
  if (journal.checkpoint.size() > limits::kNoteBytesMax) return malformed("a checkpoint");
  if (wire.entries().empty() ||
      static_cast<std::size_t>(wire.entries_size()) > kEvidenceEntriesMax) {
    return malformed("the number of entries");
  }
  for (const auto& value : wire.entries()) {
    auto entry = entry_from_wire(value);
    if (!entry) return entry.error();
    const bool in_order =
        journal.entries.empty() ? entry->index == 0 : entry->index > journal.entries.back().index;
    if (!in_order) return malformed("the order of entries");
    journal.entries.push_back(std::move(*entry));
  }
  auto consistency = hashes_from_wire(wire.consistency());
  if (!consistency) return malformed("a consistency proof");
  journal.consistency = std::move(*consistency);
  return journal;
}

template <class List>
void hashes_to_wire(const std::vector<Hash>& hashes, List& wire) {
  for (const Hash& hash : hashes) set_bytes(*wire.Add(), hash);
}

void journal_to_wire(const ProvenJournal& journal, v1::ProvenJournal& wire) {
  wire.set_checkpoint(journal.checkpoint);
  for (const ProvenEntry& entry : journal.entries) {
    auto& out = *wire.add_entries();
    out.set_index(entry.index);
    set_bytes(*out.mutable_leaf(), entry.leaf);
    hashes_to_wire(entry.proof, *out.mutable_proof());
    if (!entry.disclosed) continue;
    set_bytes(*out.mutable_salt(), entry.disclosed->salt);
    set_bytes(*out.mutable_content(), entry.disclosed->content);
  }
  hashes_to_wire(journal.consistency, *wire.mutable_consistency());
}

}  // namespace

Bytes Evidence::encode() const {
  v1::Evidence wire;
  wire.set_version(kFormatVersion);
  wire.set_index(index);
  journal_to_wire(journal, *wire.mutable_journal());
  set_bytes(*wire.mutable_receiver_authority(), receiver_authority);
  set_bytes(*wire.mutable_receiver_office(), receiver_office);
  for (const ProvenJournal& one : opposite) journal_to_wire(one, *wire.add_opposite());
  return encode_wire(wire);
}

Result<Evidence> Evidence::parse(ByteView bytes) {
  v1::Evidence wire;
  if (bytes.size() > kEvidenceBytesMax || !parse_canonical(bytes, wire)) {
    return malformed("the evidence");
  }
  if (wire.version() != kFormatVersion) {
    return Error(JournalError::kUnknownVersion, std::to_string(wire.version()));
  }
  Evidence evidence;
  evidence.index = wire.index();
  auto journal = journal_from_wire(wire.journal());
  if (!journal) return journal.error();
  evidence.journal = std::move(*journal);
  if (evidence.index == 0 ||
      std::ranges::find(evidence.journal.entries, evidence.index, &ProvenEntry::index) ==
          evidence.journal.entries.end()) {
    return malformed("the message is not among the entries");
  }
  for (const auto* certificate : {&wire.receiver_authority(), &wire.receiver_office()}) {
    if (certificate->empty() || certificate->size() > limits::kCertificateBytesMax)
      return malformed("the receiver's certificates");
  }
  evidence.receiver_authority = to_bytes(wire.receiver_authority());
  evidence.receiver_office = to_bytes(wire.receiver_office());
  if (static_cast<std::size_t>(wire.opposite_size()) > kEvidenceOppositeMax)
    return malformed("the number of opposite journals");
  for (const auto& value : wire.opposite()) {
    auto opposite = journal_from_wire(value);
    if (!opposite) return opposite.error().within("opposite");
    evidence.opposite.push_back(std::move(*opposite));
  }
  return evidence;
}

const ProvenEntry& Evidence::message() const {
  const auto found = std::ranges::find(journal.entries, index, &ProvenEntry::index);
  BLO_CHECK(found != journal.entries.end());
  return *found;
}

}  // namespace blo::journal
