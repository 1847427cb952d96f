#include "journal/tree.h"

#include <catch2/catch.hpp>

namespace blo::journal {
namespace {

Hash leaf(std::uint64_t index) {
  Bytes bytes;
  append_be(bytes, index);
  return leaf_hash(bytes);
}

Frontier tree_of(std::uint64_t size) {
  Frontier tree;
  for (std::uint64_t i = 0; i < size; ++i) tree.append(leaf(i));
  return tree;
}

}  // namespace

TEST_CASE("every inclusion proof of trees up to 33 leaves verifies and no other index does") {
  for (std::uint64_t size = 1; size <= 33; ++size) {
    const Hash root = tree_of(size).root();
    for (std::uint64_t index = 0; index < size; ++index) {
      CAPTURE(size, index);
      const auto proof = inclusion_proof(leaf, index, size);
      CHECK(verify_inclusion(leaf(index), index, size, proof, root).has_value());
      CHECK_FALSE(
          verify_inclusion(leaf(index), (index + 1) % (size + 1), size, proof, root).has_value());
    }
  }
}

TEST_CASE("every consistency proof of trees up to 33 leaves verifies") {
  for (std::uint64_t size = 1; size <= 33; ++size) {
    for (std::uint64_t old_size = 1; old_size <= size; ++old_size) {
      CAPTURE(old_size, size);
      const auto proof = consistency_proof(leaf, old_size, size);
      const Hash old_root = tree_of(old_size).root();
      const Hash root = tree_of(size).root();
      CHECK(verify_consistency(old_size, size, old_root, root, proof).has_value());
      if (old_size == size) continue;
      CHECK_FALSE(verify_consistency(old_size, size, root, root, proof).has_value());
      CHECK_FALSE(verify_consistency(old_size, size, old_root, old_root, proof).has_value());
    }
  }
}

TEST_CASE("a proof that is wrong is named by what is wrong with it") {
  const Hash root = tree_of(7).root();
  auto proof = inclusion_proof(leaf, 3, 7);
  CHECK(verify_inclusion(leaf(3), 7, 7, proof, root).error() == JournalError::kProofIndex);
  CHECK(verify_inclusion(leaf(4), 3, 7, proof, root).error() == JournalError::kRootMismatch);
  proof.push_back(leaf(0));
  CHECK(verify_inclusion(leaf(3), 3, 7, proof, root).error() == JournalError::kProofLength);
  proof.resize(1);
  CHECK(verify_inclusion(leaf(3), 3, 7, proof, root).error() == JournalError::kProofLength);
  CHECK(verify_consistency(7, 3, root, root, {}).error() == JournalError::kProofIndex);
  CHECK(verify_consistency(3, 7, root, root, {}).error() == JournalError::kProofLength);
  CHECK(verify_consistency(0, 7, root, root, {leaf(0)}).error() == JournalError::kProofLength);
  CHECK(verify_consistency(7, 7, leaf(0), root, {}).error() == JournalError::kRootMismatch);
}

TEST_CASE("a frontier continues where its encoding was taken") {
  for (std::uint64_t size = 0; size <= 20; ++size) {
    CAPTURE(size);
    auto resumed = Frontier::parse(tree_of(size).encode());
    REQUIRE(resumed.has_value());
    CHECK(resumed->size() == size);
    resumed->append(leaf(size));
    CHECK(resumed->root() == tree_of(size + 1).root());
  }
}

TEST_CASE("a frontier with a hash too many or too few is malformed") {
  Bytes bytes = tree_of(6).encode();
  CHECK(Frontier::parse(ByteView(bytes).first(7)).error() == JournalError::kMalformed);
  CHECK(Frontier::parse(ByteView(bytes).first(bytes.size() - 1)).error() ==
        JournalError::kMalformed);
  bytes.resize(bytes.size() + sizeof(Hash));
  CHECK(Frontier::parse(bytes).error() == JournalError::kMalformed);
}

}  // namespace blo::journal
