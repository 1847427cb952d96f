#include "journal/whole_tree.h"

#include <catch2/catch.hpp>

namespace blo::journal {
namespace {

Hash leaf(std::uint64_t index) {
  Bytes bytes;
  append_be(bytes, index);
  return leaf_hash(bytes);
}

}  // namespace

TEST_CASE("a tree of which everything is kept gives the proofs that its leaves give") {
  WholeTree tree;
  for (std::uint64_t size = 1; size <= 68; ++size) {
    tree.append(leaf(size - 1));
    REQUIRE(tree.size() == size);
    if (size > 35 && size < 63) continue;  // around 16, 32 and 64
    for (std::uint64_t index = 0; index < size; ++index) {
      CAPTURE(size, index);
      CHECK(tree.inclusion_proof(index) == inclusion_proof(leaf, index, size));
      CHECK(tree.consistency_proof(index + 1) == consistency_proof(leaf, index + 1, size));
    }
  }
}

TEST_CASE("a proof in a large tree of which everything is kept verifies") {
  WholeTree tree;
  Frontier frontier;
  Hash old_root{};
  for (std::uint64_t i = 0; i < 20'011; ++i) {
    tree.append(leaf(i));
    frontier.append(leaf(i));
    if (frontier.size() == 12'345) old_root = frontier.root();
  }
  const auto size = tree.size();
  for (const std::uint64_t index : {0ULL, 9'999ULL, 16'384ULL, 20'010ULL}) {
    CHECK(verify_inclusion(leaf(index), index, size, tree.inclusion_proof(index), frontier.root())
              .has_value());
  }
  CHECK(verify_consistency(12'345, size, old_root, frontier.root(), tree.consistency_proof(12'345))
            .has_value());
}

}  // namespace blo::journal
