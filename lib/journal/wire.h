// What the codecs of this folder share: forms that several messages have.
#ifndef BLO_JOURNAL_WIRE_H
#define BLO_JOURNAL_WIRE_H

#include <optional>

#include "base/clock.h"
#include "base/error.h"
#include "journal/error.h"

namespace blo::journal {

inline constexpr std::uint32_t kFormatVersion = 1;
/// 9999-12-31T23:59:59.999Z: the last time RFC 3339 can write.
inline constexpr std::uint64_t kTimeMsMax = 253'402'300'799'999;

[[nodiscard]] inline std::optional<WallTime> time_from_ms(std::uint64_t ms) {
  if (ms > kTimeMsMax) return std::nullopt;
  return from_unix_ms(ms);
}

inline void set_bytes(std::string& to, ByteView bytes) { to.assign(as_text(bytes)); }

[[nodiscard]] inline Error malformed(const char* field) {
  return {JournalError::kMalformed, field};
}

}  // namespace blo::journal

#endif
