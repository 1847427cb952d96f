// The RFC 6962 Merkle tree: hashing, incremental append, inclusion and consistency proofs.
#ifndef BLO_JOURNAL_TREE_H
#define BLO_JOURNAL_TREE_H

#include <functional>
#include <vector>

#include "base/result.h"
#include "crypto/hash.h"
#include "journal/error.h"

namespace blo::journal {

using crypto::Hash;

/// A journal never holds more; so that sizes and indices fit wherever numbers are signed.
inline constexpr std::uint64_t kTreeSizeMax = INT64_MAX;

/// SHA-256(0x00 ‖ leaf), RFC 6962 §2.1.
[[nodiscard]] Hash leaf_hash(ByteView leaf);
/// SHA-256(0x01 ‖ left ‖ right), RFC 6962 §2.1.
[[nodiscard]] Hash node_hash(const Hash& left, const Hash& right);
/// SHA-256(""), the root of nothing.
[[nodiscard]] Hash empty_root();

/// The roots of the complete subtrees of a tree of `size` leaves, largest first: all that is needed
/// to append and to know the root. At most 64 hashes.
class Frontier {
 public:
  Frontier() = default;
  /// As `encode` wrote it: u64be size ‖ one hash per set bit of size. Anything else is kMalformed.
  [[nodiscard]] static Result<Frontier> parse(ByteView bytes);
  [[nodiscard]] Bytes encode() const;

  void append(const Hash& leaf);
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] Hash root() const;
  /// Root of the largest complete subtree that ends with the last leaf; needs size() > 0.
  [[nodiscard]] const Hash& last_subtree() const { return roots_.back(); }
  /// With `right` after it: the root of a subtree smaller than the smallest in here.
  [[nodiscard]] Hash root_with(const Hash& right) const;

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> roots_;
};

/// Leaf hashes by index; what proofs are made from. Called with index < size only.
using LeafHashes = std::function<Hash(std::uint64_t index)>;

/// RFC 6962 §2.1.1: the path from leaf `index` in a tree of `size`; needs index < size.
[[nodiscard]] std::vector<Hash> inclusion_proof(const LeafHashes& leaves, std::uint64_t index,
                                                std::uint64_t size);
/// RFC 6962 §2.1.2: from the tree of `old_size` to that of `size`; needs 0 < old_size <= size.
[[nodiscard]] std::vector<Hash> consistency_proof(const LeafHashes& leaves, std::uint64_t old_size,
                                                  std::uint64_t size);

/// RFC 9162 §2.1.3.2. Errors: kProofIndex (index >= size), kProofLength, kRootMismatch.
[[nodiscard]] Result<void> verify_inclusion(const Hash& leaf, std::uint64_t index,
                                            std::uint64_t size, const std::vector<Hash>& proof,
                                            const Hash& root);
/// RFC 9162 §2.1.4.2. old_size 0 needs an empty proof and proves nothing; old_size == size needs an
/// empty proof and equal roots.
[[nodiscard]] Result<void> verify_consistency(std::uint64_t old_size, std::uint64_t size,
                                              const Hash& old_root, const Hash& root,
                                              const std::vector<Hash>& proof);

}  // namespace blo::journal

#endif
