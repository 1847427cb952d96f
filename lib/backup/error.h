// Why a backup cannot be put back.
#ifndef BLO_BACKUP_ERROR_H
#define BLO_BACKUP_ERROR_H

#include "base/error.h"

namespace blo::backup {

enum class BackupError {
  kMalformed = 1,  // not a backup, or one of a later version
  kWrongKey,       // sealed to another key
  kDamaged,        // something in it was changed
  kTruncated,      // its end is missing
};
[[nodiscard]] boost::system::error_code make_error_code(BackupError error);

}  // namespace blo::backup

template <>
struct boost::system::is_error_code_enum<blo::backup::BackupError> : std::true_type {};

#endif
