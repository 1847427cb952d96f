// A verified export with what was found of each journal, so that its entries can be read again.
#ifndef BLO_JOURNAL_VERIFIED_H
#define BLO_JOURNAL_VERIFIED_H

#include <memory>

#include "journal/verify_journal.h"

namespace blo::journal {

/// Stays where it is: its parts point at each other.
struct VerifiedExport {
  VerifiedExport() = default;
  VerifiedExport(const VerifiedExport&) = delete;
  VerifiedExport& operator=(const VerifiedExport&) = delete;

  crypto::ShortHash tag;
  std::map<Origin, JournalFacts> journals;
  Timelines timelines{KeepReceipts::kAll};
  Verdict verdict;
};

/// As verify_export, with every receipt kept: 16 bytes each. `files` outlives the result.
[[nodiscard]] Result<std::unique_ptr<VerifiedExport>> verify_and_keep(
    const ExportFiles& files, const std::vector<identity::Certificate>& authorities,
    const Executor& execute);

}  // namespace blo::journal

#endif
