// Why the system refused to write. SQLite tells a full disk apart and takes every other refusal for
// a failure of the disk.
#ifndef BLO_STORE_REFUSED_WRITE_H
#define BLO_STORE_REFUSED_WRITE_H

#include <optional>

#include "store/error.h"

namespace blo::store {

/// From now on SQLite takes a write that a quota, a limit of a file's size or a read-only file
/// system refused as it takes a full disk: nothing was written that it does not know of, so it
/// rolls back and goes on. A failed sync stays a failure. For the whole process; called again, it
/// does nothing.
void take_refused_writes_as_full();

/// What an errno of a write says where nothing else is wrong with the disk (ENOSPC, EDQUOT, EFBIG,
/// EROFS); nothing for every other.
[[nodiscard]] std::optional<Error> refused_write(int error);

/// errno of the last write of SQLite's that was refused like that, once; 0: none since it was last
/// asked.
[[nodiscard]] int take_last_refused_write();

}  // namespace blo::store

#endif
