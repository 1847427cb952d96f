#include "new_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/file.h"
#include "crypto/running_hash.h"

namespace blo::cli {
namespace {

Path folder_of(const Path& path) { return path.has_parent_path() ? path.parent_path() : Path("."); }

Failure write_failed(const Path& path) {
  return {ExitCode::kFailed, "file-failed",
          path.string() + " could not be written (" + std::strerror(errno) + ").",
          "Check the space and the permissions. Nothing is left under that name."};
}

}  // namespace

Failure NewFile::failed() const { return write_failed(path_); }

Outcome<NewFile> NewFile::create(const Path& path) {
  std::error_code error;
  if (std::filesystem::exists(std::filesystem::symlink_status(path, error)))
    return failure_from(Error(FileError::kExists, path.string()));
  Descriptor unnamed(::open(folder_of(path).c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (unnamed.ok()) return NewFile(std::move(unnamed), path, {});
  if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL) return write_failed(path);
  Path part = path;
  part += ".part";
  ::unlink(part.c_str());
  Descriptor named(::open(part.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!named.ok()) return write_failed(path);
  return NewFile(std::move(named), path, std::move(part));
}

NewFile::~NewFile() {
  if (fd_.ok() && !part_.empty()) ::unlink(part_.c_str());
}

Outcome<void> NewFile::write(ByteView bytes) {
  if (!write_all(fd_.get(), bytes)) return failed();
  return {};
}

Outcome<crypto::Hash> NewFile::reread() {
  if (::fsync(fd_.get()) != 0) return failed();
  // What the page cache still holds would say nothing about the disk.
  static_cast<void>(::posix_fadvise(fd_.get(), 0, 0, POSIX_FADV_DONTNEED));
  if (::lseek(fd_.get(), 0, SEEK_SET) != 0) return failed();
  crypto::RunningSha256 hash;
  Bytes buffer(1024 * 1024);
  for (;;) {
    const ssize_t got = ::read(fd_.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed();
    if (got == 0) return hash.finish();
    hash.put(ByteView(buffer).first(static_cast<std::size_t>(got)));
  }
}

Outcome<void> NewFile::place() {
  int placed = 0;
  if (part_.empty()) {
    const std::string opened = "/proc/self/fd/" + std::to_string(fd_.get());
    placed = ::linkat(AT_FDCWD, opened.c_str(), AT_FDCWD, path_.c_str(), AT_SYMLINK_FOLLOW);
  } else {
    placed = ::renameat2(AT_FDCWD, part_.c_str(), AT_FDCWD, path_.c_str(), RENAME_NOREPLACE);
    if (placed != 0 && errno == EINVAL && ::access(path_.c_str(), F_OK) != 0)
      placed = ::rename(part_.c_str(), path_.c_str());  // a file system without the other
  }
  if (placed != 0 && errno == EEXIST)
    return failure_from(Error(FileError::kExists, path_.string()));
  if (placed != 0) return failed();
  part_.clear();
  const Descriptor folder(::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.ok() || ::fsync(folder.get()) != 0) return failed();
  return {};
}

}  // namespace blo::cli
