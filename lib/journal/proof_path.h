// Which subtrees a proof lists, whoever computes their roots.
#ifndef BLO_JOURNAL_PROOF_PATH_H
#define BLO_JOURNAL_PROOF_PATH_H

#include "journal/tree.h"

namespace blo::journal {

/// The root over the leaves [begin, end), which are one or more; `begin` is a multiple of a power
/// of two that is not smaller than their number.
using RangeRoots = std::function<Hash(std::uint64_t begin, std::uint64_t end)>;

/// As inclusion_proof() and consistency_proof().
[[nodiscard]] std::vector<Hash> inclusion_path(const RangeRoots& roots, std::uint64_t index,
                                               std::uint64_t size);
[[nodiscard]] std::vector<Hash> consistency_path(const RangeRoots& roots, std::uint64_t old_size,
                                                 std::uint64_t size);

}  // namespace blo::journal

#endif
