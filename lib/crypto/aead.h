// ChaCha20-Poly1305 for the session, XChaCha20-Poly1305 for what rests.
#ifndef BLO_CRYPTO_AEAD_H
#define BLO_CRYPTO_AEAD_H

#include <optional>

#include "crypto/secret.h"

namespace blo::crypto {

inline constexpr std::size_t kAeadTagBytes = 16;

/// RFC 8439 with Noise's nonce: four zero bytes ‖ u64le(counter). Result: ciphertext ‖ tag.
[[nodiscard]] Bytes seal_chacha(const Key& key, std::uint64_t counter, ByteView ad,
                                ByteView plaintext);
/// Nothing when the tag does not match; no plaintext is given out then.
[[nodiscard]] std::optional<Bytes> open_chacha(const Key& key, std::uint64_t counter, ByteView ad,
                                               ByteView ciphertext);

using XNonce = std::array<Byte, 24>;

/// XChaCha20-Poly1305-IETF. Result: ciphertext ‖ tag.
[[nodiscard]] Bytes seal_xchacha(const Key& key, const XNonce& nonce, ByteView ad,
                                 ByteView plaintext);
[[nodiscard]] std::optional<Bytes> open_xchacha(const Key& key, const XNonce& nonce, ByteView ad,
                                                ByteView ciphertext);

}  // namespace blo::crypto

#endif
