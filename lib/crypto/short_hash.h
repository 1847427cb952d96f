// SipHash-2-4 under a random key: 64-bit tags of values that an adversary chose without knowing the
// key. For tables in memory; never stored, sent or compared with another process's.
#ifndef BLO_CRYPTO_SHORT_HASH_H
#define BLO_CRYPTO_SHORT_HASH_H

#include "crypto/secret.h"

namespace blo::crypto {

class ShortHash {
 public:
  /// With a key of its own.
  ShortHash();
  /// Two different values have one tag with a chance of 2^-64.
  [[nodiscard]] std::uint64_t operator()(ByteView value) const;

 private:
  std::array<Byte, 16> key_;
};

}  // namespace blo::crypto

#endif
