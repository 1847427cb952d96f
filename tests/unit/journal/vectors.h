// Published vectors, read from tests/vectors.
#ifndef BLO_TESTS_UNIT_JOURNAL_VECTORS_H
#define BLO_TESTS_UNIT_JOURNAL_VECTORS_H

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/hex.h"
#include "crypto/base64.h"
#include "journal/tree.h"

namespace blo::journal {

/// The contents of a file below tests/vectors; empty where there is none.
inline std::string read_vector(const std::string& path) {
  std::ifstream file(std::string(BLO_VECTORS) + "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline nlohmann::json read_json_vector(const std::string& path) {
  return nlohmann::json::parse(read_vector(path));
}

/// Exactly 32 bytes in base64; nothing for any other size.
inline std::optional<Hash> hash_from_base64(const nlohmann::json& value) {
  const auto bytes = crypto::from_base64(value.get<std::string>());
  Hash hash;
  if (!bytes || !copy_exact(*bytes, hash)) return std::nullopt;
  return hash;
}

inline std::optional<Hash> hash_from_hex(const nlohmann::json& value) {
  const auto bytes = from_hex(value.get<std::string>());
  Hash hash;
  if (!bytes || !copy_exact(*bytes, hash)) return std::nullopt;
  return hash;
}

}  // namespace blo::journal

#endif
