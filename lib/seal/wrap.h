// Content keys and other small secrets at rest: wrapped under the store key.
#ifndef BLO_SEAL_WRAP_H
#define BLO_SEAL_WRAP_H

#include "base/result.h"
#include "crypto/secret.h"
#include "seal/error.h"

namespace blo::seal {

/// 24-byte random nonce ‖ XChaCha20-Poly1305(secret), bound to `place` (what it is and where it
/// belongs), so that a wrapped key moved to another row does not open.
[[nodiscard]] Bytes wrap(const crypto::Key& store_key, ByteView place, ByteView secret);
[[nodiscard]] Result<Bytes> unwrap(const crypto::Key& store_key, ByteView place, ByteView wrapped);

}  // namespace blo::seal

#endif
