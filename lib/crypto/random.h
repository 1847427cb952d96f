// The kernel's randomness.
#ifndef BLO_CRYPTO_RANDOM_H
#define BLO_CRYPTO_RANDOM_H

#include "crypto/secret.h"

namespace blo::crypto {

void fill_random(std::span<Byte> bytes);

template <std::size_t N>
[[nodiscard]] std::array<Byte, N> random_array() {
  std::array<Byte, N> bytes;
  fill_random(bytes);
  return bytes;
}

[[nodiscard]] Key random_key();

}  // namespace blo::crypto

#endif
