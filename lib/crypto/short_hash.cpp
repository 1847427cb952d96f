#include "crypto/short_hash.h"

#include <sodium.h>

#include "crypto/pointer.h"

namespace blo::crypto {

ShortHash::ShortHash() {
  static_assert(std::tuple_size_v<decltype(key_)> == crypto_shorthash_KEYBYTES);
  crypto_shorthash_keygen(key_.data());
}

std::uint64_t ShortHash::operator()(ByteView value) const {
  std::array<Byte, crypto_shorthash_BYTES> tag;
  BLO_CHECK(crypto_shorthash(tag.data(), pointer(value), value.size(), key_.data()) == 0);
  return read_be<std::uint64_t>(tag);
}

}  // namespace blo::crypto
