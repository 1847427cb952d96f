#include <catch2/catch.hpp>
#include <filesystem>

#include "vectors.h"

namespace blo::journal {
namespace {

/// The one case that expects success with roots of 12 bytes: hashes have 32 here, so it cannot even
/// be asked.
constexpr char kRootOfAnotherSize[] = "sizes-are-equal-one-and-proof-is-empty.json";

std::vector<std::filesystem::path> cases(const std::string& kind) {
  std::vector<std::filesystem::path> found;
  const std::string folder = std::string(BLO_VECTORS) + "/rfc6962/testdata/" + kind;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".json") found.push_back(entry.path());
  }
  return found;
}

nlohmann::json parse_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  return nlohmann::json::parse(file);
}

/// Null stands for no hashes; nothing where one is not 32 bytes.
std::optional<std::vector<Hash>> proof_of(const nlohmann::json& test) {
  std::vector<Hash> proof;
  if (test["proof"].is_null()) return proof;
  for (const auto& value : test["proof"]) {
    const auto hash = hash_from_base64(value);
    if (!hash) return std::nullopt;
    proof.push_back(*hash);
  }
  return proof;
}

bool accepts_inclusion(const nlohmann::json& test) {
  const auto leaf = hash_from_base64(test["leafHash"]);
  const auto root = hash_from_base64(test["root"]);
  const auto proof = proof_of(test);
  return leaf && root && proof &&
         verify_inclusion(*leaf, test["leafIdx"].get<std::uint64_t>(),
                          test["treeSize"].get<std::uint64_t>(), *proof, *root)
             .has_value();
}

bool accepts_consistency(const nlohmann::json& test) {
  const auto old_root = hash_from_base64(test["root1"]);
  const auto root = hash_from_base64(test["root2"]);
  const auto proof = proof_of(test);
  return old_root && root && proof &&
         verify_consistency(test["size1"].get<std::uint64_t>(), test["size2"].get<std::uint64_t>(),
                            *old_root, *root, *proof)
             .has_value();
}

}  // namespace

TEST_CASE("every published inclusion case gets its verdict") {
  const auto paths = cases("inclusion");
  REQUIRE(paths.size() == 98);
  for (const auto& path : paths) {
    CAPTURE(path);
    const auto test = parse_file(path);
    CHECK(accepts_inclusion(test) == !test["wantErr"].get<bool>());
  }
}

TEST_CASE("every published consistency case gets its verdict save the one with 12-byte roots") {
  const auto paths = cases("consistency");
  REQUIRE(paths.size() == 98);
  int left_out = 0;
  for (const auto& path : paths) {
    CAPTURE(path);
    const auto test = parse_file(path);
    if (path.filename() == kRootOfAnotherSize) {
      CHECK_FALSE(hash_from_base64(test["root1"]).has_value());
      ++left_out;
      continue;
    }
    CHECK(accepts_consistency(test) == !test["wantErr"].get<bool>());
  }
  CHECK(left_out == 1);
}

TEST_CASE("the published small tree has these leaf hashes and roots") {
  const auto tree = read_json_vector("rfc6962/tree.json");
  Frontier frontier;
  REQUIRE(tree["leaf_inputs"].size() == 8);
  CHECK(frontier.root() == hash_from_hex(tree["roots_by_size"][0]));
  for (std::size_t i = 0; i < tree["leaf_inputs"].size(); ++i) {
    const auto input = from_hex(tree["leaf_inputs"][i].get<std::string>());
    REQUIRE(input.has_value());
    CHECK(leaf_hash(*input) == hash_from_hex(tree["leaf_hashes"][i]));
    frontier.append(leaf_hash(*input));
    CHECK(frontier.root() == hash_from_hex(tree["roots_by_size"][i + 1]));
  }
}

}  // namespace blo::journal
