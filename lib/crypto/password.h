// Argon2id (RFC 9106): a key from a passphrase.
#ifndef BLO_CRYPTO_PASSWORD_H
#define BLO_CRYPTO_PASSWORD_H

#include <optional>

#include "crypto/secret.h"

namespace blo::crypto {

/// How much work a guess costs; kept beside what it seals, so that it can rise over the years.
struct PasswordCost {
  std::uint64_t passes;
  std::uint64_t memory_bytes;
};
/// libsodium's MODERATE: 3 passes over 256 MiB, about a second on a small machine.
inline constexpr PasswordCost kPasswordCost{3, 256ULL * 1024 * 1024};
/// What a file may ask for: no more than four times that.
inline constexpr PasswordCost kPasswordCostMax{12, 1024ULL * 1024 * 1024};

using PasswordSalt = std::array<Byte, 16>;

/// Nothing when the memory cannot be had or the cost is out of range.
[[nodiscard]] std::optional<Key> key_from_password(ByteView passphrase, const PasswordSalt& salt,
                                                   const PasswordCost& cost);

}  // namespace blo::crypto

#endif
