#include "journal/proof_path.h"

#include <algorithm>
#include <bit>

namespace blo::journal {
namespace {

/// RFC 6962's split: the largest power of two smaller than `count`, which is at least 2.
std::uint64_t split(std::uint64_t count) { return std::bit_floor(count - 1); }

/// SUBPROOF of RFC 6962 §2.1.2 over the leaves in [begin, end), `old_size` of which are old.
void append_subproof(std::vector<Hash>& proof, const RangeRoots& roots, std::uint64_t old_size,
                     std::uint64_t begin, std::uint64_t end, bool complete) {
  const std::uint64_t count = end - begin;
  if (old_size == count) {
    if (!complete) proof.push_back(roots(begin, end));
    return;
  }
  const std::uint64_t middle = begin + split(count);
  if (old_size <= middle - begin) {
    append_subproof(proof, roots, old_size, begin, middle, complete);
    proof.push_back(roots(middle, end));
  } else {
    append_subproof(proof, roots, old_size - (middle - begin), middle, end, false);
    proof.push_back(roots(begin, middle));
  }
}

}  // namespace

std::vector<Hash> inclusion_path(const RangeRoots& roots, std::uint64_t index, std::uint64_t size) {
  BLO_CHECK(index < size);
  std::vector<Hash> proof;
  std::uint64_t begin = 0;
  std::uint64_t end = size;
  // From the root down: the sibling at each step, which the proof lists from the leaf up.
  while (end - begin > 1) {
    const std::uint64_t middle = begin + split(end - begin);
    if (index < middle) {
      proof.push_back(roots(middle, end));
      end = middle;
    } else {
      proof.push_back(roots(begin, middle));
      begin = middle;
    }
  }
  std::ranges::reverse(proof);
  return proof;
}

std::vector<Hash> consistency_path(const RangeRoots& roots, std::uint64_t old_size,
                                   std::uint64_t size) {
  BLO_CHECK(0 < old_size && old_size <= size);
  std::vector<Hash> proof;
  append_subproof(proof, roots, old_size, 0, size, true);
  return proof;
}

}  // namespace blo::journal
