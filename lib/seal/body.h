// Content sealed into bodies, and the commitment that binds both to the envelope.
#ifndef BLO_SEAL_BODY_H
#define BLO_SEAL_BODY_H

#include <optional>

#include "base/result.h"
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "seal/error.h"

namespace blo::seal {

using Salt = std::array<Byte, 32>;

/// SHA-256("blo/content/v1\0" ‖ salt ‖ content). AEADs do not commit to their key; this does.
[[nodiscard]] crypto::Hash commit_to_content(const Salt& salt, ByteView content);

/// Size of the body's plaintext (salt ‖ u32be length ‖ content) after Padmé padding: what an
/// envelope states.
[[nodiscard]] std::uint64_t padded_bytes(std::size_t content_bytes);

/// Size of a body: of its padded plaintext, and the tag.
[[nodiscard]] std::uint64_t sealed_bytes(std::uint64_t padded_bytes);

struct Opened {
  Salt salt;
  Bytes content;
};

/// XChaCha20-Poly1305 under a key used once, zero nonce, `bound` (the envelope) as associated data.
/// Result: ciphertext ‖ tag, padded_bytes(content) + 16 long.
[[nodiscard]] Bytes seal_body(const crypto::Key& content_key, ByteView bound, const Salt& salt,
                              ByteView content);
/// Errors: kUnopenable (key, tag), kMalformed (length, padding not zero or not Padmé's).
[[nodiscard]] Result<Opened> open_body(const crypto::Key& content_key, ByteView bound,
                                       ByteView body);

}  // namespace blo::seal

#endif
