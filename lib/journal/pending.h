// What will be a finding unless the counterpart has refused the entry, which is known only when
// both directions have been read.
#ifndef BLO_JOURNAL_PENDING_H
#define BLO_JOURNAL_PENDING_H

#include <deque>
#include <string>
#include <vector>

#include "journal/finding_code.h"

namespace blo::journal {

/// 16 bytes each, however many a hostile journal brings about: sentences are kept for the first of
/// them alone.
class PendingFindings {
 public:
  struct Pending {
    std::uint64_t index;
    std::uint32_t sentence;
    FindingCode code;
  };

  void add(std::uint64_t index, FindingCode code, std::string what);
  [[nodiscard]] const std::deque<Pending>& all() const { return all_; }
  [[nodiscard]] const std::string& what(const Pending& pending) const {
    return sentences_[pending.sentence];
  }
  /// Whether one about that entry is among the first `count`, which were added by rising index.
  [[nodiscard]] bool has(std::uint64_t index, std::size_t count) const;

 private:
  std::deque<Pending> all_;
  std::vector<std::string> sentences_;
};

}  // namespace blo::journal

#endif
