#include "journal/tree.h"

#include <bit>

#include "journal/proof_path.h"

namespace blo::journal {
namespace {

constexpr Byte kLeafPrefix[] = {0x00};
constexpr Byte kNodePrefix[] = {0x01};

RangeRoots roots_of(const LeafHashes& leaves) {
  return [&leaves](std::uint64_t begin, std::uint64_t end) {
    Frontier frontier;
    for (std::uint64_t i = begin; i < end; ++i) frontier.append(leaves(i));
    return frontier.root();
  };
}

/// A node's place on its level in the old tree's last path and the new one's (RFC 9162 §2.1.4.2).
struct Place {
  std::uint64_t old_node;
  std::uint64_t new_node;

  void up() {
    old_node >>= 1U;
    new_node >>= 1U;
  }
};

}  // namespace

Hash leaf_hash(ByteView leaf) { return crypto::sha256({kLeafPrefix, leaf}); }

Hash node_hash(const Hash& left, const Hash& right) {
  return crypto::sha256({kNodePrefix, left, right});
}

Hash empty_root() { return crypto::sha256(ByteView()); }

Result<Frontier> Frontier::parse(ByteView bytes) {
  if (bytes.size() < sizeof(std::uint64_t)) return Error(JournalError::kMalformed, "frontier");
  Frontier frontier;
  frontier.size_ = read_be<std::uint64_t>(bytes);
  bytes = bytes.subspan(sizeof(std::uint64_t));
  const auto count = static_cast<std::size_t>(std::popcount(frontier.size_));
  if (bytes.size() != count * sizeof(Hash)) return Error(JournalError::kMalformed, "frontier");
  frontier.roots_.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    BLO_CHECK(copy_exact(bytes.subspan(i * sizeof(Hash), sizeof(Hash)), frontier.roots_[i]));
  }
  return frontier;
}

Bytes Frontier::encode() const {
  Bytes bytes;
  append_be(bytes, size_);
  for (const Hash& root : roots_) blo::append(bytes, root);
  return bytes;
}

void Frontier::append(const Hash& leaf) {
  BLO_CHECK(size_ != UINT64_MAX);
  Hash root = leaf;
  // Each trailing one of the size is a complete subtree as large as the one in hand.
  for (std::uint64_t rest = size_; (rest & 1U) != 0; rest >>= 1U) {
    root = node_hash(roots_.back(), root);
    roots_.pop_back();
  }
  roots_.push_back(root);
  ++size_;
}

Hash Frontier::root() const {
  if (roots_.empty()) return empty_root();
  Hash root = roots_.back();
  for (auto left = roots_.rbegin() + 1; left != roots_.rend(); ++left) {
    root = node_hash(*left, root);
  }
  return root;
}

Hash Frontier::root_with(const Hash& right) const {
  Hash root = right;
  for (auto left = roots_.rbegin(); left != roots_.rend(); ++left) root = node_hash(*left, root);
  return root;
}

std::vector<Hash> inclusion_proof(const LeafHashes& leaves, std::uint64_t index,
                                  std::uint64_t size) {
  return inclusion_path(roots_of(leaves), index, size);
}

std::vector<Hash> consistency_proof(const LeafHashes& leaves, std::uint64_t old_size,
                                    std::uint64_t size) {
  return consistency_path(roots_of(leaves), old_size, size);
}

Result<void> verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                              const std::vector<Hash>& proof, const Hash& root) {
  if (index >= size) return JournalError::kProofIndex;
  std::uint64_t node = index;
  std::uint64_t last = size - 1;
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (last == 0) return JournalError::kProofLength;
    if ((node & 1U) != 0 || node == last) {
      hash = node_hash(sibling, hash);
      // A last node without a right sibling rises unchanged.
      while ((node & 1U) == 0 && node != 0) {
        node >>= 1U;
        last >>= 1U;
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    node >>= 1U;
    last >>= 1U;
  }
  if (last != 0) return JournalError::kProofLength;
  if (hash != root) return JournalError::kRootMismatch;
  return {};
}

Result<void> verify_consistency(std::uint64_t old_size, std::uint64_t size, const Hash& old_root,
                                const Hash& root, const std::vector<Hash>& proof) {
  if (old_size > size) return JournalError::kProofIndex;
  if (old_size == 0 || old_size == size) {
    if (!proof.empty()) return JournalError::kProofLength;
    if (old_size == size && old_root != root) return JournalError::kRootMismatch;
    return {};
  }
  // A complete old tree is itself the first node of the proof and is left out of it.
  const bool old_is_complete = std::has_single_bit(old_size);
  if (!old_is_complete && proof.empty()) return JournalError::kProofLength;
  Place place{old_size - 1, size - 1};
  while ((place.old_node & 1U) != 0) place.up();
  Hash old_hash = old_is_complete ? old_root : proof.front();
  Hash hash = old_hash;
  for (std::size_t i = old_is_complete ? 0 : 1; i < proof.size(); ++i) {
    if (place.new_node == 0) return JournalError::kProofLength;
    if ((place.old_node & 1U) != 0 || place.old_node == place.new_node) {
      old_hash = node_hash(proof[i], old_hash);
      hash = node_hash(proof[i], hash);
      while ((place.old_node & 1U) == 0 && place.old_node != 0) place.up();
    } else {
      hash = node_hash(hash, proof[i]);
    }
    place.up();
  }
  if (place.new_node != 0) return JournalError::kProofLength;
  if (old_hash != old_root || hash != root) return JournalError::kRootMismatch;
  return {};
}

}  // namespace blo::journal
