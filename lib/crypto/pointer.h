// libsodium declares its pointers never null, also where nothing is read through them.
#ifndef BLO_CRYPTO_POINTER_H
#define BLO_CRYPTO_POINTER_H

#include "base/bytes.h"

namespace blo::crypto {

/// The start of `bytes`, or of some byte when there are none.
[[nodiscard]] inline const Byte* pointer(ByteView bytes) {
  static constexpr Byte kSomewhere = 0;
  return bytes.empty() ? &kSomewhere : bytes.data();
}

}  // namespace blo::crypto

#endif
