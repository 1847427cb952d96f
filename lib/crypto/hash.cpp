#include "crypto/hash.h"

#include <sodium.h>

#include "crypto/pointer.h"

namespace blo::crypto {

Hash sha256(std::initializer_list<ByteView> parts) {
  crypto_hash_sha256_state state;
  BLO_CHECK(crypto_hash_sha256_init(&state) == 0);
  for (const ByteView part : parts) {
    BLO_CHECK(crypto_hash_sha256_update(&state, pointer(part), part.size()) == 0);
  }
  Hash hash;
  BLO_CHECK(crypto_hash_sha256_final(&state, hash.data()) == 0);
  return hash;
}

std::array<Byte, 64> sha512(std::initializer_list<ByteView> parts) {
  crypto_hash_sha512_state state;
  BLO_CHECK(crypto_hash_sha512_init(&state) == 0);
  for (const ByteView part : parts) {
    BLO_CHECK(crypto_hash_sha512_update(&state, pointer(part), part.size()) == 0);
  }
  std::array<Byte, 64> hash;
  BLO_CHECK(crypto_hash_sha512_final(&state, hash.data()) == 0);
  return hash;
}

Hash hmac_sha256(ByteView key, std::initializer_list<ByteView> parts) {
  crypto_auth_hmacsha256_state state;
  BLO_CHECK(crypto_auth_hmacsha256_init(&state, pointer(key), key.size()) == 0);
  for (const ByteView part : parts) {
    BLO_CHECK(crypto_auth_hmacsha256_update(&state, pointer(part), part.size()) == 0);
  }
  Hash hash;
  BLO_CHECK(crypto_auth_hmacsha256_final(&state, hash.data()) == 0);
  sodium_memzero(&state, sizeof state);
  return hash;
}

Key hkdf_sha256(ByteView input, ByteView salt, ByteView info) {
  Hash extracted = hmac_sha256(salt, {input});
  static constexpr Byte kFirstBlock[] = {1};
  Hash expanded = hmac_sha256(extracted, {info, kFirstBlock});
  Key key{ByteView(expanded)};
  wipe(extracted);
  wipe(expanded);
  return key;
}

Blake2b blake2b(std::initializer_list<ByteView> parts) {
  crypto_generichash_state state;
  Blake2b hash;
  BLO_CHECK(crypto_generichash_init(&state, nullptr, 0, hash.size()) == 0);
  for (const ByteView part : parts) {
    BLO_CHECK(crypto_generichash_update(&state, pointer(part), part.size()) == 0);
  }
  BLO_CHECK(crypto_generichash_final(&state, hash.data(), hash.size()) == 0);
  return hash;
}

Secret<64> hmac_blake2b(ByteView key, std::initializer_list<ByteView> parts) {
  static constexpr std::size_t kBlockBytes = 128;
  BLO_CHECK(key.size() <= kBlockBytes);
  std::array<Byte, kBlockBytes> pad{};
  std::ranges::copy(key, pad.begin());
  for (Byte& byte : pad) byte ^= 0x36;

  crypto_generichash_state state;
  BLO_CHECK(crypto_generichash_init(&state, nullptr, 0, 64) == 0);
  BLO_CHECK(crypto_generichash_update(&state, pad.data(), pad.size()) == 0);
  for (const ByteView part : parts) {
    BLO_CHECK(crypto_generichash_update(&state, pointer(part), part.size()) == 0);
  }
  Secret<64> hash;
  BLO_CHECK(crypto_generichash_final(&state, hash.data(), 64) == 0);

  for (Byte& byte : pad) byte ^= 0x36 ^ 0x5c;
  BLO_CHECK(crypto_generichash_init(&state, nullptr, 0, 64) == 0);
  BLO_CHECK(crypto_generichash_update(&state, pad.data(), pad.size()) == 0);
  BLO_CHECK(crypto_generichash_update(&state, hash.data(), 64) == 0);
  BLO_CHECK(crypto_generichash_final(&state, hash.data(), 64) == 0);
  wipe(pad);
  sodium_memzero(&state, sizeof state);
  return hash;
}

}  // namespace blo::crypto
