#include "backup/error.h"

#include "base/error_category.h"

namespace blo::backup {
namespace {

const char* sentence(BackupError error) {
  switch (error) {
    case BackupError::kMalformed: return "this is not a backup that this version can read";
    case BackupError::kWrongKey: return "the backup is sealed to another key";
    case BackupError::kDamaged: return "the backup was changed or damaged after it was written";
    case BackupError::kTruncated: return "the backup's end is missing";
  }
  return "unknown backup error";
}

}  // namespace

boost::system::error_code make_error_code(BackupError error) {
  static const ErrorCategory<BackupError, sentence> category("blo.backup");
  return {static_cast<int>(error), category};
}

}  // namespace blo::backup
