#include <catch2/catch.hpp>

#include "evidence_world.h"
#include "vectors.h"

namespace blo::journal {
namespace {

Bytes sample_entry(std::uint64_t index) {
  std::string text;
  for (std::uint64_t i = 0; i <= index % 3; ++i) text += "entry " + std::to_string(index);
  return to_bytes(text);
}

/// A note's size and root, whatever its origin.
std::pair<std::uint64_t, Hash> head_of(const std::string& checkpoint) {
  const auto note = Note::parse(checkpoint);
  REQUIRE(note.has_value());
  std::istringstream lines(note->text);
  std::string origin;
  std::string size;
  std::string root;
  std::getline(lines, origin);
  std::getline(lines, size);
  std::getline(lines, root);
  return {*parse_decimal(size), *hash_from_base64(root)};
}

bool holds(const TlogProof& proof, std::uint64_t index) {
  const auto [size, root] = head_of(proof.checkpoint);
  return proof.index == index &&
         verify_inclusion(leaf_hash(sample_entry(index)), index, size, proof.proof, root)
             .has_value();
}

Hash root_at(std::uint64_t size) {
  Frontier tree;
  for (std::uint64_t i = 0; i < size; ++i) tree.append(leaf_hash(sample_entry(i)));
  return tree.root();
}

}  // namespace

TEST_CASE("the sample log's tlog-proofs are read and hold for their entries alone") {
  const auto sample = read_json_vector("tlog-sample/sample.json");
  const auto log = NoteKey::parse(sample["log_vkey"].get<std::string>());
  const auto cosigner = NoteKey::parse(sample["cosigner_vkey"].get<std::string>());
  REQUIRE((log && cosigner));
  for (const char* name : {"1-0", "2-1", "7-3", "300-0", "300-255", "300-256", "300-299"}) {
    CAPTURE(name);
    const auto proof =
        TlogProof::parse(read_vector("tlog-sample/proof-" + std::string(name) + ".tlog-proof"));
    REQUIRE(proof.has_value());
    const auto index = std::stoull(std::string(name).substr(std::string(name).find('-') + 1));
    CHECK(holds(*proof, index));
    CHECK_FALSE(holds(*proof, index + 1));
    const auto note = Note::parse(proof->checkpoint);
    CHECK(verify_note(*note, *log).has_value());
    CHECK(verify_cosignature(*note, *cosigner).has_value());
    TlogProof longer = *proof;
    longer.proof.push_back(Hash{});
    CHECK_FALSE(holds(longer, index));
  }
}

TEST_CASE("the sample log's consistency proofs hold and no altered one does") {
  const auto sample = read_json_vector("tlog-sample/sample.json");
  for (const auto& test : sample["consistency"]) {
    const auto old_size = test["old"].get<std::uint64_t>();
    const auto size = test["new"].get<std::uint64_t>();
    CAPTURE(old_size, size);
    std::vector<Hash> proof;
    for (const auto& value : test["proof"]) proof.push_back(*hash_from_hex(value));
    const Hash old_root = root_at(old_size);
    const Hash root = root_at(size);
    CHECK(verify_consistency(old_size, size, old_root, root, proof).has_value());
    Hash other = root;
    other[0] ^= 1U;
    CHECK_FALSE(verify_consistency(old_size, size, old_root, other, proof).has_value());
    if (old_size > 0)
      CHECK_FALSE(verify_consistency(old_size, size, other, root, proof).has_value());
    std::vector<Hash> longer = proof;
    longer.push_back(Hash{});
    CHECK_FALSE(verify_consistency(old_size, size, old_root, root, longer).has_value());
    for (std::size_t i = 0; i < proof.size(); ++i) {
      std::vector<Hash> altered = proof;
      altered[i][31] ^= 1U;
      CHECK_FALSE(verify_consistency(old_size, size, old_root, root, altered).has_value());
    }
    if (proof.empty()) continue;
    std::vector<Hash> shorter = proof;
    shorter.pop_back();
    CHECK_FALSE(verify_consistency(old_size, size, old_root, root, shorter).has_value());
  }
}

TEST_CASE("a tlog-proof is written as it is read") {
  const EvidenceWorld world;
  const Evidence evidence = world.evidence();
  const std::string text = to_tlog_proof(evidence.message(), evidence.journal.checkpoint);
  const auto proof = TlogProof::parse(text);
  REQUIRE(proof.has_value());
  CHECK(proof->extra == evidence.message().leaf);
  CHECK(proof->index == 4);
  CHECK(proof->proof == evidence.message().proof);
  CHECK(proof->checkpoint == evidence.journal.checkpoint);
}

TEST_CASE("texts that are no tlog-proof are refused") {
  const std::string good = read_vector("tlog-sample/proof-7-3.tlog-proof");
  REQUIRE(TlogProof::parse(good).has_value());
  const auto changed = [&good](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return TlogProof::parse(text).has_value();
  };
  CHECK_FALSE(changed("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"));
  CHECK_FALSE(changed("index 3", "index 03"));
  CHECK_FALSE(changed("index 3", "index -3"));
  CHECK_FALSE(changed("index 3", "extra !\nindex 3"));
  CHECK_FALSE(changed("index 3\n", ""));
  CHECK_FALSE(changed("idRzN6qO", "idRzN6q"));
  CHECK_FALSE(TlogProof::parse(good.substr(0, good.find("\n\n") + 2)).has_value());
  CHECK_FALSE(TlogProof::parse(good.substr(0, good.find("\n\n") + 1)).has_value());
  CHECK_FALSE(TlogProof::parse("").has_value());
  std::string many = "c2sp.org/tlog-proof@v1\nindex 3\n";
  for (int i = 0; i < 64; ++i) many += "idRzN6qOagl8eENHId4oIuoM6GLeR7FDDZbb+kDdKLQ=\n";
  CHECK_FALSE(TlogProof::parse(many + "\nnote\n").has_value());
}

}  // namespace blo::journal
