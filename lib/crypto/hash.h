// SHA-256 for what is published and proven, BLAKE2b for the Noise session, HMAC and HKDF over each.
#ifndef BLO_CRYPTO_HASH_H
#define BLO_CRYPTO_HASH_H

#include <initializer_list>
#include <memory>

#include "crypto/secret.h"

namespace blo::crypto {

using Hash = std::array<Byte, 32>;

/// SHA-256 (FIPS 180-4) over the concatenation of `parts`.
[[nodiscard]] Hash sha256(std::initializer_list<ByteView> parts);
[[nodiscard]] inline Hash sha256(ByteView bytes) { return sha256({bytes}); }

/// SHA-512 over the concatenation of `parts`.
[[nodiscard]] std::array<Byte, 64> sha512(std::initializer_list<ByteView> parts);

/// HMAC-SHA-256 (RFC 2104).
[[nodiscard]] Hash hmac_sha256(ByteView key, std::initializer_list<ByteView> parts);

/// HKDF-SHA-256 (RFC 5869) to 32 bytes.
[[nodiscard]] Key hkdf_sha256(ByteView input, ByteView salt, ByteView info);

/// BLAKE2b-512, unkeyed (RFC 7693).
using Blake2b = std::array<Byte, 64>;
[[nodiscard]] Blake2b blake2b(std::initializer_list<ByteView> parts);

/// HMAC (RFC 2104) over BLAKE2b-512, block size 128: Noise revision 34 §4.3 forbids BLAKE2's own
/// keyed mode.
[[nodiscard]] Secret<64> hmac_blake2b(ByteView key, std::initializer_list<ByteView> parts);

}  // namespace blo::crypto

#endif
