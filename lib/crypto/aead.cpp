#include "crypto/aead.h"

#include <sodium.h>

#include "crypto/pointer.h"

namespace blo::crypto {
namespace {

std::array<Byte, crypto_aead_chacha20poly1305_IETF_NPUBBYTES> noise_nonce(std::uint64_t counter) {
  std::array<Byte, crypto_aead_chacha20poly1305_IETF_NPUBBYTES> nonce{};
  for (std::size_t i = 0; i < 8; ++i) nonce[4 + i] = static_cast<Byte>(counter >> (8 * i));
  return nonce;
}

}  // namespace

Bytes seal_chacha(const Key& key, std::uint64_t counter, ByteView ad, ByteView plaintext) {
  const auto nonce = noise_nonce(counter);
  Bytes out(plaintext.size() + kAeadTagBytes);
  BLO_CHECK(crypto_aead_chacha20poly1305_ietf_encrypt(out.data(), nullptr, pointer(plaintext),
                                                      plaintext.size(), pointer(ad), ad.size(),
                                                      nullptr, nonce.data(), key.data()) == 0);
  return out;
}

std::optional<Bytes> open_chacha(const Key& key, std::uint64_t counter, ByteView ad,
                                 ByteView ciphertext) {
  if (ciphertext.size() < kAeadTagBytes) return std::nullopt;
  const auto nonce = noise_nonce(counter);
  Bytes out(ciphertext.size() - kAeadTagBytes);
  if (crypto_aead_chacha20poly1305_ietf_decrypt(out.data(), nullptr, nullptr, pointer(ciphertext),
                                                ciphertext.size(), pointer(ad), ad.size(),
                                                nonce.data(), key.data()) != 0) {
    return std::nullopt;
  }
  return out;
}

Bytes seal_xchacha(const Key& key, const XNonce& nonce, ByteView ad, ByteView plaintext) {
  Bytes out(plaintext.size() + kAeadTagBytes);
  BLO_CHECK(crypto_aead_xchacha20poly1305_ietf_encrypt(out.data(), nullptr, pointer(plaintext),
                                                       plaintext.size(), pointer(ad), ad.size(),
                                                       nullptr, nonce.data(), key.data()) == 0);
  return out;
}

std::optional<Bytes> open_xchacha(const Key& key, const XNonce& nonce, ByteView ad,
                                  ByteView ciphertext) {
  if (ciphertext.size() < kAeadTagBytes) return std::nullopt;
  Bytes out(ciphertext.size() - kAeadTagBytes);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(out.data(), nullptr, nullptr, pointer(ciphertext),
                                                 ciphertext.size(), pointer(ad), ad.size(),
                                                 nonce.data(), key.data()) != 0) {
    return std::nullopt;
  }
  return out;
}

}  // namespace blo::crypto
