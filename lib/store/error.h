// Why the store did not do what it was asked.
#ifndef BLO_STORE_ERROR_H
#define BLO_STORE_ERROR_H

#include "base/error.h"

namespace blo::store {

enum class StoreError {
  kLocked = 1,   // another process has it open
  kFailed,       // SQLite reports an I/O or internal error: nothing after it may be acknowledged
  kFull,         // no space, by the disk, a quota or a limit: reads go on
  kCorrupt,      // not a database, or one whose parts contradict each other
  kNewerSchema,  // written by a newer version
  kForeign,      // another office's store, or another store key
  kNotFound,
  kConstraint,  // a row that must be unique is there already
  kOutOfRange,  // a number larger than anything the store counts
  kReadOnly,    // its file system takes no writes: reads go on
};
[[nodiscard]] boost::system::error_code make_error_code(StoreError error);
/// Nothing can be written at present, nothing was written in part, and what is there can be read.
[[nodiscard]] bool reads_go_on(const Error& error);
/// The store itself could not do its work. What it was asked for, and does not hold or cannot
/// number, is the asker's matter.
[[nodiscard]] bool is_store_failure(const Error& error);

}  // namespace blo::store

template <>
struct boost::system::is_error_code_enum<blo::store::StoreError> : std::true_type {};

#endif
