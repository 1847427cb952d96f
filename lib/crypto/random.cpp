#include "crypto/random.h"

#include <sodium.h>

namespace blo::crypto {

void fill_random(std::span<Byte> bytes) { randombytes_buf(bytes.data(), bytes.size()); }

Key random_key() {
  Key key;
  randombytes_buf(key.data(), key.size());
  return key;
}

}  // namespace blo::crypto
