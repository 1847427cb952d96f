// Lower-case hexadecimal.
#ifndef BLO_BASE_HEX_H
#define BLO_BASE_HEX_H

#include <optional>

#include "base/bytes.h"

namespace blo {

[[nodiscard]] std::string to_hex(ByteView bytes);

/// Accepts both cases; nothing when a character is not hexadecimal or the length is odd.
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);

}  // namespace blo

#endif
