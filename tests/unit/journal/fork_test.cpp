#include "journal/fork.h"

#include <catch2/catch.hpp>

#include "world.h"

namespace blo::journal {
namespace {

/// One office whose journal key signed what it should not have.
struct Forked {
  TestOffice uz{"UZ-OYBEK"};
  TestOffice tj{"TJ-FOTEHOBOD"};
  TestJournal journal{uz, tj};

  Forked() {
    journal.start();
    for (std::uint8_t i = 1; i < 9; ++i) journal.append(Record(TrailHead{Hash{i}}));
  }
  [[nodiscard]] SignedCheckpoint head(std::uint64_t size, const Hash& root) const {
    return sign_checkpoint({journal.origin, size, root}, journal.key);
  }
  [[nodiscard]] Hash root_at(std::uint64_t size) const {
    Frontier tree;
    while (tree.size() < size) tree.append(leaf_hash(journal.leaves[tree.size()]));
    return tree.root();
  }
  [[nodiscard]] ForkProof proof(std::uint64_t ours, std::uint64_t size, const Hash& root) const {
    return make_fork_proof(
        uz.authority, uz.office, journal.certificate, head(ours, root_at(ours)), head(size, root),
        [this](std::uint64_t index) { return leaf_hash(journal.leaves[index]); });
  }
  [[nodiscard]] Result<Fork> verify(const ForkProof& proof) const {
    return verify_fork(proof, {tj.authority, uz.authority});
  }
};

}  // namespace

TEST_CASE("two checkpoints of one size with two roots are a fork") {
  const Forked world;
  const auto proof = world.proof(9, 9, Hash{1});
  const auto fork = world.verify(ForkProof::parse(proof.encode()).value()).value();
  CHECK(fork.larger.size == 9);
  CHECK(fork.smaller.root == Hash{1});
  CHECK(fork.larger.origin.text() == "live/UZ-OYBEK/TJ-FOTEHOBOD/1");
  CHECK(fork.authority == "UZ");
}

TEST_CASE("a smaller checkpoint that the larger tree never had is a fork at every size") {
  const Forked world;
  for (std::uint64_t size = 1; size < 9; ++size) {
    const auto proof = world.proof(9, size, Hash{2});
    const auto fork = world.verify(ForkProof::parse(proof.encode()).value()).value();
    CHECK(fork.root_there == world.root_at(size));
    CHECK(fork.smaller.size == size);
  }
}

TEST_CASE("two checkpoints of one history are no fork") {
  const Forked world;
  for (std::uint64_t size = 1; size <= 9; ++size) {
    CHECK(world.verify(world.proof(9, size, world.root_at(size))).error() == JournalError::kNoFork);
  }
}

TEST_CASE("nobody is accused of a fork without both signatures and the tree between them") {
  const Forked world;
  const auto honest = world.proof(9, 4, Hash{3});
  REQUIRE(world.verify(honest).has_value());

  auto proof = honest;
  proof.root_there = Hash{4};  // "the larger tree had another root there"
  CHECK(world.verify(proof).error() == JournalError::kRootMismatch);
  proof = honest;
  proof.consistency.pop_back();
  CHECK_FALSE(world.verify(proof).has_value());
  proof = honest;
  std::swap(proof.larger, proof.smaller);
  CHECK(world.verify(proof).error() == JournalError::kProofIndex);
  proof = honest;
  const auto stranger = crypto::SigningKey::generate();
  proof.smaller = sign_checkpoint({world.journal.origin, 4, Hash{3}}, stranger).note.encode();
  CHECK(world.verify(proof).error() == JournalError::kNoKnownSignature);
  proof = honest;
  Origin other = world.journal.origin;
  other.generation = 2;
  proof.smaller = sign_checkpoint({other, 4, Hash{3}}, world.journal.key).note.encode();
  CHECK_FALSE(world.verify(proof).has_value());
  proof = honest;
  proof.journal = world.tj.certify_journal(world.journal.origin, world.journal.key);
  CHECK_FALSE(world.verify(proof).has_value());
  proof = honest;
  proof.office = world.tj.office;
  CHECK_FALSE(world.verify(proof).has_value());
  CHECK(verify_fork(honest, {world.tj.authority}).error() == identity::IdentityError::kUntrusted);
}

TEST_CASE("a proof of a fork has one form") {
  const Forked world;
  for (const auto& proof : {world.proof(9, 9, Hash{1}), world.proof(9, 5, Hash{1})}) {
    const std::string text = proof.encode();
    CHECK(ForkProof::parse(text)->encode() == text);
    for (std::size_t i = 0; i < text.size(); i += 3) {
      CHECK_FALSE((ForkProof::parse(text.substr(0, i)).has_value()));
      std::string longer = text;
      longer.insert(i, "\n");
      const auto parsed = ForkProof::parse(longer);
      CHECK((!parsed || !world.verify(*parsed)));
    }
    CHECK_FALSE(ForkProof::parse(text + "\n").has_value());
  }
}

}  // namespace blo::journal
