// Inclusion and consistency proofs, against a small tree whose only right proofs are known; and the
// kept roots of a tree.
#include "journal/tree.h"
#include "target.h"

namespace blo::fuzz {
namespace {

using journal::Hash;
constexpr std::uint64_t kLeavesMax = 64;

Hash leaf(std::uint64_t index) {
  const Byte byte[] = {static_cast<Byte>(index)};
  return journal::leaf_hash(byte);
}

Hash root(std::uint64_t size) {
  journal::Frontier tree;
  for (std::uint64_t i = 0; i < size; ++i) tree.append(leaf(i));
  return tree.root();
}

std::vector<Hash> take_hashes(ByteView bytes) {
  std::vector<Hash> hashes;
  for (Hash hash; bytes.size() >= hash.size() && hashes.size() <= 2 * kLeavesMax;) {
    BLO_CHECK(copy_exact(take(bytes, hash.size()), hash));
    hashes.push_back(hash);
  }
  return hashes;
}

/// sizes(1, 1), then hashes. What is believed is the one right proof.
void run_small(ByteView bytes) {
  const std::uint64_t size = 1 + take_number(bytes, 1) % kLeavesMax;
  const std::uint64_t other = take_number(bytes, 1) % (size + 1);
  const auto hashes = take_hashes(bytes);
  if (other < size &&
      journal::verify_inclusion(leaf(other), other, size, hashes, root(size)).has_value()) {
    BLO_CHECK(hashes == journal::inclusion_proof(leaf, other, size));
  }
  if (other == 0) return;
  if (journal::verify_consistency(other, size, root(other), root(size), hashes).has_value())
    BLO_CHECK(hashes == journal::consistency_proof(leaf, other, size));
}

/// sizes(8, 8), then hashes: any numbers at all.
void run_any(ByteView bytes) {
  const std::uint64_t index = take_number(bytes, 8);
  const std::uint64_t size = take_number(bytes, 8);
  const auto hashes = take_hashes(bytes);
  const Hash one = hashes.empty() ? Hash{} : hashes.front();
  if (journal::verify_inclusion(one, index, size, hashes, one)) BLO_CHECK(index < size);
  if (journal::verify_consistency(index, size, one, one, hashes)) BLO_CHECK(index <= size);
}

void run_frontier(ByteView bytes) {
  auto tree = journal::Frontier::parse(bytes);
  if (!tree) return;
  BLO_CHECK(equal(tree->encode(), bytes));
  const std::uint64_t size = tree->size();
  if (size == journal::kTreeSizeMax) return;
  tree->append(leaf(size));
  BLO_CHECK(tree->size() == size + 1);
}

void run(ByteView bytes) {
  switch (take_number(bytes, 1) % 3) {
    case 0: return run_small(bytes);
    case 1: return run_any(bytes);
    default: return run_frontier(bytes);
  }
}

}  // namespace
}  // namespace blo::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  blo::fuzz::run({data, size});
  return 0;
}
