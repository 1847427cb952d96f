// The beginning of a backup: readable, and bound to everything after it.
#ifndef BLO_BACKUP_HEADER_H
#define BLO_BACKUP_HEADER_H

#include "backup/error.h"
#include "backup/recipient.h"
#include "base/clock.h"

namespace blo::backup {

/// Lines of text that end with an empty one: docs/format/backup.md.
struct Header {
  Recipient recipient;  // whose office the backup is of, and whose key opens it
  WallTime time;        // whole seconds: as of when
  crypto::DhPublic ephemeral;

  [[nodiscard]] std::string text() const;
  /// From the first bytes of a file, at most kHeaderBytesMax of which count. kMalformed for
  /// anything that text() would write differently.
  [[nodiscard]] static Result<Header> parse(ByteView beginning);
};

/// The longest is 230 bytes.
inline constexpr std::size_t kHeaderBytesMax = 512;

}  // namespace blo::backup

#endif
