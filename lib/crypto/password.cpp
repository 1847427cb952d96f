#include "crypto/password.h"

#include <sodium.h>

#include "crypto/pointer.h"

namespace blo::crypto {

std::optional<Key> key_from_password(ByteView passphrase, const PasswordSalt& salt,
                                     const PasswordCost& cost) {
  if (cost.passes < 1 || cost.passes > kPasswordCostMax.passes ||
      cost.memory_bytes < 8 * 1024 * 1024 || cost.memory_bytes > kPasswordCostMax.memory_bytes) {
    return std::nullopt;
  }
  Key key;
  if (crypto_pwhash(key.data(), key.size(), reinterpret_cast<const char*>(pointer(passphrase)),
                    passphrase.size(), salt.data(), cost.passes, cost.memory_bytes,
                    crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return std::nullopt;
  }
  return key;
}

}  // namespace blo::crypto
