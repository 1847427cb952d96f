// X25519 (RFC 7748).
#ifndef BLO_CRYPTO_DH_H
#define BLO_CRYPTO_DH_H

#include <optional>

#include "crypto/secret.h"

namespace blo::crypto {

using DhPublic = std::array<Byte, 32>;

struct DhKeyPair {
  Key secret;
  DhPublic public_key;

  [[nodiscard]] static DhKeyPair generate();
  [[nodiscard]] static DhKeyPair from_secret(const Key& secret);
  [[nodiscard]] DhKeyPair clone() const { return {secret.clone(), public_key}; }
};

/// The shared secret; nothing where the other side's key is of low order (all-zero result).
[[nodiscard]] std::optional<Key> dh(const DhKeyPair& mine, const DhPublic& theirs);

}  // namespace blo::crypto

#endif
