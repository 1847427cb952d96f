// One journal in two verified exports.
#ifndef BLO_JOURNAL_RECONCILE_JOURNAL_H
#define BLO_JOURNAL_RECONCILE_JOURNAL_H

#include "journal/reconcile.h"

namespace blo::journal {

inline const std::deque<ReceiptedSize> kNoReceipts;

/// One journal in one export; without entries where the export does not have it.
struct Side {
  const ExportFiles* files = nullptr;
  const JournalVerdict* verdict = nullptr;
  const std::deque<ReceiptedSize>* receipts = &kNoReceipts;
  std::optional<WallTime> newest_receipt = std::nullopt;  // that the receiver gave in a journal of
                                                          // this direction
  std::optional<WallTime> newest = std::nullopt;  // that the receiver's own journals were dated
  NamedHead named = {};                           // the newest that the receiver says it receipted
  NamedHead long_named = {};                      // the newest that it said so of over two days ago
  Frontier tree = {};                             // over what was read again
  [[nodiscard]] std::uint64_t size() const { return verdict == nullptr ? 0 : verdict->size; }
};

/// Reads the entries of both again and compares them. The error: an export changed since it was
/// verified.
[[nodiscard]] Result<ReconciledJournal> reconcile_journal(const Origin& origin,
                                                          std::array<Side, 2> sides,
                                                          std::vector<Finding>& findings);

}  // namespace blo::journal

#endif
