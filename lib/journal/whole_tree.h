// A tree of which everything is kept, so that many proofs cost little.
#ifndef BLO_JOURNAL_WHOLE_TREE_H
#define BLO_JOURNAL_WHOLE_TREE_H

#include "journal/tree.h"

namespace blo::journal {

/// 36 bytes a leaf. Each append hashes about once; a proof hashes some dozens of times, whatever
/// the size.
class WholeTree {
 public:
  void append(const Hash& leaf);
  [[nodiscard]] std::uint64_t size() const { return leaves_.size(); }

  /// As the functions of that name; needs index < size(), or 0 < old_size <= size().
  [[nodiscard]] std::vector<Hash> inclusion_proof(std::uint64_t index) const;
  [[nodiscard]] std::vector<Hash> consistency_proof(std::uint64_t old_size) const;

 private:
  [[nodiscard]] Hash range_root(std::uint64_t begin, std::uint64_t end) const;
  [[nodiscard]] Hash complete_root(std::uint64_t begin, std::uint64_t count) const;

  std::vector<Hash> leaves_;
  std::vector<std::vector<Hash>> levels_;  // of every complete subtree of 16 leaves, 32, 64, …
};

}  // namespace blo::journal

#endif
