#include "journal/whole_tree.h"

#include <bit>

#include "journal/proof_path.h"

namespace blo::journal {
namespace {

/// Smaller subtrees are hashed anew where they are asked for.
constexpr std::uint64_t kKeptLeavesMin = 16;

}  // namespace

void WholeTree::append(const Hash& leaf) {
  leaves_.push_back(leaf);
  if (size() % kKeptLeavesMin != 0) return;
  Frontier block;
  for (std::uint64_t i = size() - kKeptLeavesMin; i < size(); ++i) block.append(leaves_[i]);
  Hash root = block.root();
  for (std::size_t level = 0;; ++level) {
    if (level == levels_.size()) levels_.emplace_back();
    auto& roots = levels_[level];
    roots.push_back(root);
    if (roots.size() % 2 != 0) return;
    root = node_hash(roots[roots.size() - 2], roots.back());
  }
}

Hash WholeTree::complete_root(std::uint64_t begin, std::uint64_t count) const {
  if (count >= kKeptLeavesMin) {
    const auto level = static_cast<std::size_t>(std::countr_zero(count / kKeptLeavesMin));
    return levels_[level][begin / count];
  }
  Frontier subtree;
  for (std::uint64_t i = begin; i < begin + count; ++i) subtree.append(leaves_[i]);
  return subtree.root();
}

Hash WholeTree::range_root(std::uint64_t begin, std::uint64_t end) const {
  // Complete subtrees from the left, each smaller than the one before.
  std::vector<Hash> roots;
  while (begin < end) {
    const std::uint64_t count = std::bit_floor(end - begin);
    roots.push_back(complete_root(begin, count));
    begin += count;
  }
  Hash root = roots.back();
  for (auto left = roots.rbegin() + 1; left != roots.rend(); ++left) root = node_hash(*left, root);
  return root;
}

std::vector<Hash> WholeTree::inclusion_proof(std::uint64_t index) const {
  return inclusion_path(
      [this](std::uint64_t begin, std::uint64_t end) { return range_root(begin, end); }, index,
      size());
}

std::vector<Hash> WholeTree::consistency_proof(std::uint64_t old_size) const {
  return consistency_path(
      [this](std::uint64_t begin, std::uint64_t end) { return range_root(begin, end); }, old_size,
      size());
}

}  // namespace blo::journal
