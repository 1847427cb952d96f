// Both offices' exports of one pairing, against each other.
#ifndef BLO_JOURNAL_RECONCILE_H
#define BLO_JOURNAL_RECONCILE_H

#include <array>

#include "journal/verify.h"

namespace blo::journal {

/// One journal as the two exports have it.
struct ReconciledJournal {
  Origin origin;
  std::array<std::uint64_t, 2> size{};       // entries; 0: the export does not have the journal
  std::array<std::uint64_t, 2> receipted{};  // entries under a valid receipt
  std::uint64_t equal = 0;                   // entries from 0 on that are the same in both
  /// Facts the reader must see and that contradict nothing: what one export has and the other not
  /// yet, what is not receipted, what was receipted late.
  std::vector<std::string> notes = {};
};

struct Reconciliation {
  std::array<Verdict, 2> verdicts;  // each export by itself
  /// Empty unless both hold: what does not hold by itself is not compared.
  std::vector<ReconciledJournal> journals = {};
  std::vector<Finding> findings = {};
  [[nodiscard]] bool compared() const { return verdicts[0].holds() && verdicts[1].holds(); }
  [[nodiscard]] bool agree() const { return compared() && findings.empty(); }
  /// What is in neither, though one of them speaks of it.
  [[nodiscard]] std::vector<Missing> missing() const {
    return missing_from_both(verdicts[0], verdicts[1]);
  }
  [[nodiscard]] Outcome outcome() const {
    if (!agree()) return Outcome::kNotVerified;
    return missing().empty() ? Outcome::kVerified : Outcome::kNotWhole;
  }
};

/// An entry is late when its first receipt comes so much later than its stamp.
inline constexpr std::int64_t kLateMs = 24LL * 60 * 60 * 1000;

/// Verifies both, then compares every pair journal entry by entry and receipt by receipt. An audit
/// trail is its office's own, and compared where both have it. Errors as verify_export's, and
/// kNothingToCompare where nothing contradicts and no pair journal is in both. Memory as
/// verify_export's, 16 bytes for each receipt, and 24 for each head that the stamps of one day
/// name.
[[nodiscard]] Result<Reconciliation> reconcile(
    const std::array<const ExportFiles*, 2>& exports,
    const std::vector<identity::Certificate>& authorities, const Executor& execute = run_inline);

}  // namespace blo::journal

#endif
