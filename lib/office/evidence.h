// Collects from the store what proves one message to a stranger.
#ifndef BLO_OFFICE_EVIDENCE_H
#define BLO_OFFICE_EVIDENCE_H

#include "journal/evidence.h"
#include "journal/whole_tree.h"
#include "office/office.h"

namespace blo::office {

/// Works in steps, so that a long journal does not keep the daemon from its messages. The office
/// and the pairing must outlive it.
class EvidenceJob {
 public:
  /// Chooses the entries. kNotFound as in show_message(); kNoReceipt while no receipt covers the
  /// message or its refusal; kErased where `disclose` asks for content that is not here any more.
  [[nodiscard]] static Result<EvidenceJob> begin(Office& office, const MessageNumber& number,
                                                 bool disclose);
  /// Reads some more; false once the evidence is whole.
  [[nodiscard]] Result<bool> step();
  /// An encoded journal::Evidence; after step() gave false.
  [[nodiscard]] Bytes encode() const { return evidence_.encode(); }

 private:
  /// Entries of one journal, and the head they are proven under.
  struct Part {
    store::JournalRow row;
    std::uint64_t size = 0;
    std::string note = {};
    std::set<std::uint64_t> entries = {};
    std::set<std::uint64_t> disclosed = {};
    std::uint64_t consistent_from = 0;  // 0: no consistency proof
    journal::WholeTree tree = {};
  };

  EvidenceJob(Office& office, const Pair& pair) : office_(&office), pair_(&pair) {}
  [[nodiscard]] Result<bool> cover(const store::JournalRow& row, std::uint64_t index, Part& part);
  [[nodiscard]] Result<void> choose_message(const store::JournalRow& row, std::uint64_t index);
  [[nodiscard]] Result<void> choose_officers(const journal::SignedEnvelope& message,
                                             const identity::Fingerprint& author,
                                             std::uint64_t index, Part& part);
  [[nodiscard]] Result<void> choose_authorising(Part& part);
  [[nodiscard]] Result<void> choose_opposite(const store::JournalRow& row,
                                             const store::StoredEntry& message);
  [[nodiscard]] Result<void> choose_disclosed(std::uint64_t index);
  [[nodiscard]] Result<journal::ProvenJournal> prove(const Part& part);
  [[nodiscard]] Result<std::optional<journal::Disclosed>> disclosed(const store::JournalRow& row,
                                                                    std::uint64_t index);

  Office* office_;
  const Pair* pair_;
  std::vector<Part> parts_;  // the message's journal first
  std::size_t part_ = 0;
  journal::Evidence evidence_;
};

}  // namespace blo::office

#endif
