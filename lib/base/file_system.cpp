#include "base/file_system.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/descriptor.h"
#include "base/unnamed_file.h"

namespace blo::file_system {
namespace {

using Path = std::filesystem::path;

/// What kernels and FUSE's programs answer to what a file system does not know.
bool is_unknown_there(int reason) {
  return reason == EPERM || reason == EACCES || reason == EINVAL || reason == ENOSYS ||
         reason == EOPNOTSUPP || reason == ENOTTY;
}

bool takes_mode(int fd, mode_t mode) {
  struct stat info {};
  return ::fchmod(fd, mode) == 0 && ::fstat(fd, &info) == 0 && (info.st_mode & 07777U) == mode;
}

/// The name is taken first, so that of two writers one is refused. Killed in between, this leaves
/// an empty file under it, which is read as nothing.
bool rename_over_own(const Path& from, const Path& to) {
  const Descriptor taken(
      ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!taken.ok()) return false;
  if (::rename(from.c_str(), to.c_str()) == 0) return true;
  const int reason = errno;
  ::unlink(to.c_str());
  errno = reason;
  // One that renames over nothing cannot replace what another puts there meanwhile.
  return reason == EEXIST && ::rename(from.c_str(), to.c_str()) == 0;
}

}  // namespace

bool keeps_modes(int fd) {
  // Two, for one may be what the mount shows of every file; neither opens it to anybody.
  return takes_mode(fd, 0700) && takes_mode(fd, 0600);
}

bool keeps_modes_in(const Path& folder) {
  const auto file = UnnamedFile::create(folder / "blo-try", Overwrite::kNo);
  return !file || keeps_modes(file->fd());
}

bool set_mode(int fd, unsigned mode) { return ::fchmod(fd, mode) == 0 || is_unknown_there(errno); }

bool rename_new(const Path& from, const Path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (!is_unknown_there(errno)) return false;
  if (::link(from.c_str(), to.c_str()) == 0) {
    ::unlink(from.c_str());
    return true;
  }
  return is_unknown_there(errno) && rename_over_own(from, to);
}

bool sync_folder(const Path& folder) {
  const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd.ok() && (::fsync(fd.get()) == 0 || is_unknown_there(errno));
}

}  // namespace blo::file_system
