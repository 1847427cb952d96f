#include "store/refused_write.h"

#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/check.h"

namespace blo::store {
namespace {

thread_local int last_refused = 0;

/// sqlite3_system_errno() has nothing of what a COMMIT met: it is noted where it happens.
ssize_t tell(ssize_t written) {
  if (written >= 0) return written;
  const int why = errno;
  if (!refused_write(why)) {
    errno = why;
    return written;
  }
  last_refused = why;
  errno = ENOSPC;
  return written;
}

ssize_t write_or_tell(int file, const void* data, size_t size) {
  return tell(::write(file, data, size));
}

ssize_t pwrite_or_tell(int file, const void* data, size_t size, off64_t at) {
  return tell(::pwrite64(file, data, size, at));
}

}  // namespace

void take_refused_writes_as_full() {
  static const bool done = [] {
    sqlite3_vfs* files = sqlite3_vfs_find("unix");
    BLO_CHECK(files != nullptr);
    using Call = sqlite3_syscall_ptr;
    // Which of them it writes with was decided when it was built; what it does not use it ignores.
    files->xSetSystemCall(files, "write", reinterpret_cast<Call>(write_or_tell));
    files->xSetSystemCall(files, "pwrite", reinterpret_cast<Call>(pwrite_or_tell));
    files->xSetSystemCall(files, "pwrite64", reinterpret_cast<Call>(pwrite_or_tell));
    return true;
  }();
  static_cast<void>(done);
}

std::optional<Error> refused_write(int error) {
  switch (error) {
    case ENOSPC: return StoreError::kFull;
    case EDQUOT: return Error(StoreError::kFull, "the user blod runs as has used up a disk quota");
    case EFBIG:
      return Error(StoreError::kFull, "the limit of a file's size (ulimit -f) is reached");
    case EROFS: return StoreError::kReadOnly;
    default: return std::nullopt;
  }
}

int take_last_refused_write() { return std::exchange(last_refused, 0); }

}  // namespace blo::store
