// An earlier and a later export of the same journals: whether the later goes on where the earlier
// ended.
#ifndef BLO_JOURNAL_DIFF_H
#define BLO_JOURNAL_DIFF_H

#include <array>

#include "journal/show.h"

namespace blo::journal {

/// The first index at which the exports hold different entries.
struct FirstDifference {
  std::uint64_t index;
  std::array<ShownEntry, 2> entries;
};

/// One journal in A, the earlier export, and in B, the later.
struct DiffJournal {
  Origin origin;
  std::array<std::uint64_t, 2> size{};       // entries read; 0: not there, or not read
  std::array<std::uint64_t, 2> receipted{};  // entries under a valid receipt
  std::uint64_t equal = 0;                   // entries from 0 on that are the same in both
  std::optional<FirstDifference> differs = std::nullopt;
  /// By size. Where entries differ, only those before them are compared.
  std::deque<ReceiptedSize> receipts_added = {};    // B has them and A not
  std::deque<ReceiptedSize> receipts_missing = {};  // A has them and B not
};

/// `files` outlive it.
class ExportDiff {
 public:
  /// Verifies both and compares every journal of which both could be read. Errors as
  /// verify_export's; memory as for both, and 16 bytes for each receipt.
  [[nodiscard]] static Result<ExportDiff> open(
      const std::array<const ExportFiles*, 2>& exports,
      const std::vector<identity::Certificate>& authorities, const Executor& execute = run_inline);

  [[nodiscard]] const Verdict& verdict(std::size_t side) const { return sides_[side].verdict(); }
  /// Nothing was found against either by itself.
  [[nodiscard]] bool both_hold() const {
    return sides_[0].verdict().holds() && sides_[1].verdict().holds();
  }
  /// B holds all that A holds, and nothing was found against either.
  [[nodiscard]] bool extends() const { return both_hold() && findings_.empty(); }
  /// What is in neither, though one of them speaks of it.
  [[nodiscard]] std::vector<Missing> missing() const {
    return missing_from_both(verdict(0), verdict(1));
  }
  [[nodiscard]] Outcome outcome() const {
    if (!extends()) return Outcome::kNotVerified;
    return missing().empty() ? Outcome::kVerified : Outcome::kNotWhole;
  }
  [[nodiscard]] const std::vector<DiffJournal>& journals() const { return journals_; }
  [[nodiscard]] const std::vector<Finding>& findings() const { return findings_; }

  /// The entries of B that A does not have, in order; none where entries differ.
  [[nodiscard]] Result<void> added(const DiffJournal& journal, const ShownExport::EntrySink& sink);

 private:
  ExportDiff(ShownExport a, ShownExport b) : sides_{std::move(a), std::move(b)} {}
  Result<void> compare(const Origin& origin);
  Result<void> compare_entries(DiffJournal& journal);
  void compare_receipts(DiffJournal& journal);
  void judge(const DiffJournal& journal);
  void add(FindingCode code, const DiffJournal& journal, const std::string& place, std::string what,
           std::string evidence = {});

  std::array<ShownExport, 2> sides_;
  std::vector<DiffJournal> journals_;
  std::vector<Finding> findings_;
};

}  // namespace blo::journal

#endif
