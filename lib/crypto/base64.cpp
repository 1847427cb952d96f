#include "crypto/base64.h"

#include <sodium.h>

#include "base/check.h"

namespace blo::crypto {

std::string to_base64(ByteView bytes) {
  if (bytes.empty()) return {};  // libsodium takes no null pointer
  const std::size_t size = sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  std::string text(size, '\0');
  BLO_CHECK(sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                              sodium_base64_VARIANT_ORIGINAL) != nullptr);
  text.resize(size - 1);  // without the terminating zero
  return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
  if (text.empty()) return Bytes();
  if (text.size() % 4 != 0) return std::nullopt;
  Bytes bytes(text.size() / 4 * 3);
  std::size_t size = 0;
  if (sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size,
                        nullptr, sodium_base64_VARIANT_ORIGINAL) != 0) {
    return std::nullopt;
  }
  bytes.resize(size);
  // libsodium 1.0.18 takes some bytes above 127 for "+" and "/".
  if (to_base64(bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace blo::crypto
