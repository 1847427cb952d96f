// The bytes inside a key file's armour. Of this folder alone.
#ifndef BLO_IDENTITY_KEYFILE_CODEC_H
#define BLO_IDENTITY_KEYFILE_CODEC_H

#include "identity/keyfile.h"

namespace blo::identity {

/// The caller wipes the bytes: without a passphrase they are the seeds.
[[nodiscard]] Result<Bytes> encode_ring(const KeyRing& ring, std::optional<ByteView> passphrase);
[[nodiscard]] Result<KeyRing> parse_ring(ByteView bytes, std::optional<ByteView> passphrase);
[[nodiscard]] Result<bool> ring_is_sealed(ByteView bytes);

}  // namespace blo::identity

#endif
