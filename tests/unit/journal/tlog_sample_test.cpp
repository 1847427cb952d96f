// A log of 300 entries that three independent verifiers accepted.
#include <catch2/catch.hpp>

#include "journal/note.h"
#include "journal/tiles.h"
#include "vectors.h"

namespace blo::journal {
namespace {

Bytes entry(std::uint64_t index) {
  std::string text;
  for (std::uint64_t i = 0; i <= index % 3; ++i) text += "entry " + std::to_string(index);
  return to_bytes(text);
}

Hash sample_leaf(std::uint64_t index) { return leaf_hash(entry(index)); }

NoteKey key_of(const nlohmann::json& sample, const char* field) {
  const auto key = NoteKey::parse(sample[field].get<std::string>());
  BLO_CHECK(key.has_value());
  return *key;
}

std::vector<Hash> hashes_of(const nlohmann::json& list) {
  std::vector<Hash> hashes;
  for (const auto& value : list) {
    const auto hash = hash_from_hex(value);
    BLO_CHECK(hash.has_value());
    hashes.push_back(*hash);
  }
  return hashes;
}

}  // namespace

TEST_CASE("the sample log's roots are computed") {
  const auto sample = read_json_vector("tlog-sample/sample.json");
  REQUIRE(sample["roots"].size() == 12);
  Frontier tree;
  std::size_t compared = 0;
  for (std::uint64_t size = 0; size <= 300; ++size) {
    if (const auto root = sample["roots"].find(std::to_string(size));
        root != sample["roots"].end()) {
      CHECK(tree.root() == hash_from_hex(*root));
      ++compared;
    }
    tree.append(sample_leaf(size));
  }
  CHECK(compared == sample["roots"].size());
}

TEST_CASE("the sample log's proofs are made and verified") {
  const auto sample = read_json_vector("tlog-sample/sample.json");
  REQUIRE(sample["inclusion"].size() == 7);
  for (const auto& test : sample["inclusion"]) {
    const auto index = test["index"].get<std::uint64_t>();
    const auto size = test["size"].get<std::uint64_t>();
    CAPTURE(index, size);
    const auto proof = hashes_of(test["proof"]);
    CHECK(hash_from_hex(test["leaf_hash"]) == sample_leaf(index));
    CHECK(inclusion_proof(sample_leaf, index, size) == proof);
    const auto root = hash_from_hex(sample["roots"][std::to_string(size)]);
    REQUIRE(root.has_value());
    CHECK(verify_inclusion(sample_leaf(index), index, size, proof, *root).has_value());
  }
  REQUIRE(sample["consistency"].size() == 9);
  for (const auto& test : sample["consistency"]) {
    CHECK(consistency_proof(sample_leaf, test["old"].get<std::uint64_t>(),
                            test["new"].get<std::uint64_t>()) == hashes_of(test["proof"]));
  }
}

TEST_CASE("the sample log's checkpoints carry both signatures") {
  const auto sample = read_json_vector("tlog-sample/sample.json");
  const NoteKey log = key_of(sample, "log_vkey");
  const NoteKey cosigner = key_of(sample, "cosigner_vkey");
  for (const char* size : {"1", "2", "7", "300"}) {
    CAPTURE(size);
    const std::string bytes = read_vector("tlog-sample/checkpoint-" + std::string(size) + ".txt");
    const auto note = Note::parse(bytes);
    REQUIRE(note.has_value());
    CHECK(note->encode() == bytes);
    CHECK(verify_note(*note, log).has_value());
    CHECK(verify_cosignature(*note, cosigner).has_value());
    const auto root = hash_from_hex(sample["roots"][size]);
    REQUIRE(root.has_value());
    CHECK(note->text == log.name + "\n" + size + "\n" + crypto::to_base64(*root) + "\n");
  }
}

TEST_CASE("the sample log's signatures are made from its seeds") {
  const auto sample = read_json_vector("tlog-sample/sample.json");
  const auto note = Note::parse(read_vector("tlog-sample/checkpoint-7.txt"));
  REQUIRE(note.has_value());
  const auto log_seed = from_hex(sample["log_seed_hex"].get<std::string>());
  const auto log = crypto::SigningKey::from_seed(crypto::Key(*log_seed));
  CHECK(sign_note(note->text, note->signatures[0].name, log).line() == note->signatures[0].line());
  const NoteKey key = key_of(sample, "cosigner_vkey");
  const auto given = verify_cosignature(*note, key);
  REQUIRE(given.has_value());
  const auto seed = from_hex(sample["cosigner_seed_hex"].get<std::string>());
  const auto made =
      cosign_note(note->text, given->time_s, crypto::SigningKey::from_seed(crypto::Key(*seed)));
  CHECK(to_note_signature(made, key).line() == note->signatures[1].line());
}

TEST_CASE("the sample log's tiles are written byte for byte") {
  std::vector<std::string> written;
  TileWriter tiles("tlog-sample", [&](const std::string& path, ByteView contents) -> Result<void> {
    written.push_back(path);
    CHECK(read_vector(path) == as_text(contents));
    return {};
  });
  for (std::uint64_t i = 0; i < 300; ++i) REQUIRE(tiles.append(sample_leaf(i)).has_value());
  REQUIRE(tiles.finish().has_value());
  CHECK(written == std::vector<std::string>{"tlog-sample/tile/0/000", "tlog-sample/tile/0/001.p/44",
                                            "tlog-sample/tile/1/000.p/1"});
}

TEST_CASE("the sample log's entry bundles hold its entries") {
  std::uint64_t index = 0;
  for (const char* path : {"tlog-sample/tile/entries/000", "tlog-sample/tile/entries/001.p/44"}) {
    const std::string bundle = read_vector(path);
    ByteView rest = as_bytes(bundle);
    while (!rest.empty()) {
      const std::size_t length = read_be<std::uint16_t>(rest);
      CHECK(equal(rest.subspan(2, length), entry(index++)));
      rest = rest.subspan(2 + length);
    }
  }
  CHECK(index == 300);
}

}  // namespace blo::journal
