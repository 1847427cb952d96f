// Base64, RFC 4648 §4, padded and strict: one text for one byte string.
#ifndef BLO_CRYPTO_BASE64_H
#define BLO_CRYPTO_BASE64_H

#include <optional>

#include "base/bytes.h"

namespace blo::crypto {

[[nodiscard]] std::string to_base64(ByteView bytes);

/// Nothing for missing or wrong padding, non-zero trailing bits, white space or the URL alphabet.
[[nodiscard]] std::optional<Bytes> from_base64(std::string_view text);

}  // namespace blo::crypto

#endif
