// What the stamps of an export's journals say of the opposite journals, each judged once all have
// been surveyed.
#ifndef BLO_JOURNAL_VERIFY_STAMPS_H
#define BLO_JOURNAL_VERIFY_STAMPS_H

#include "journal/verify_journal.h"

namespace blo::journal {

/// Judges every claim. Errors are KeptTree's.
[[nodiscard]] Result<void> judge_stamps(std::map<Origin, JournalFacts>& journals);

/// The verdicts on one journal's stamps, entry after entry.
class JudgedStamps {
 public:
  /// `facts` outlives it; its claims have been judged.
  explicit JudgedStamps(const JournalFacts& facts) : facts_(facts) {}
  /// Of the next entry, by index: any index once, ascending.
  [[nodiscard]] StampVerdict of(std::uint64_t index, const ParsedLeaf& leaf);

 private:
  const JournalFacts& facts_;
  std::size_t next_ = 0;  // claim
};

}  // namespace blo::journal

#endif
