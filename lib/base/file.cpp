#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/descriptor.h"
#include "base/error_category.h"

namespace blo {
namespace {

const char* sentence(FileError error) {
  switch (error) {
    case FileError::kNotFound: return "there is no such file";
    case FileError::kTooLarge: return "the file is larger than anything of its kind";
    case FileError::kNotRegular: return "this is not a regular file";
    case FileError::kExists: return "the file exists already and is not overwritten";
    case FileError::kFailed: return "the file could not be read or written";
  }
  return "unknown file error";
}

Error failed(const std::filesystem::path& path) {
  const auto code = errno == ENOENT ? FileError::kNotFound : FileError::kFailed;
  return {code, path.string() + " (" + std::strerror(errno) + ")"};
}

/// In one step, so that no crash leaves a file with two names; in two where the file system cannot.
bool place_new(const std::string& part, const std::filesystem::path& path) {
  if (::renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0) {
    return true;
  }
  if (errno != EINVAL && errno != ENOSYS) return false;
  if (::link(part.c_str(), path.c_str()) != 0) return false;
  ::unlink(part.c_str());
  return true;
}

bool sync_folder(const std::filesystem::path& folder) {
  const Descriptor fd(
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd.ok() && ::fsync(fd.get()) == 0;
}

}  // namespace

boost::system::error_code make_error_code(FileError error) {
  static const ErrorCategory<FileError, sentence> category("blo.file");
  return {static_cast<int>(error), category};
}

Result<Bytes> read_file(const std::filesystem::path& path, std::size_t bytes_max) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.ok()) return failed(path);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return failed(path);
  if (!S_ISREG(info.st_mode)) return Error(FileError::kNotRegular, path.string());
  Bytes bytes;
  Byte buffer[64 * 1024];
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(path);
    if (got == 0) return bytes;
    append(bytes, ByteView(buffer, static_cast<std::size_t>(got)));
    if (bytes.size() > bytes_max) {
      return Error(FileError::kTooLarge,
                   path.string() + " (over " + std::to_string(bytes_max) + " bytes)");
    }
  }
}

Result<void> write_file(const std::filesystem::path& path, ByteView bytes, unsigned mode,
                        Overwrite overwrite) {
  // A name that no interrupted write has left behind.
  std::string part = path.string() + ".partXXXXXX";
  {
    const Descriptor fd(::mkostemp(part.data(), O_CLOEXEC));
    if (!fd.ok()) return failed(path);
    if (::fchmod(fd.get(), mode) != 0 || !write_all(fd.get(), bytes) || ::fsync(fd.get()) != 0) {
      const Error error = failed(path);
      ::unlink(part.c_str());
      return error;
    }
  }
  const bool placed = overwrite == Overwrite::kYes ? ::rename(part.c_str(), path.c_str()) == 0
                                                   : place_new(part, path);
  const int reason = errno;
  if (!placed) ::unlink(part.c_str());
  if (!placed) {
    errno = reason;
    if (reason == EEXIST) return Error(FileError::kExists, path.string());
    return failed(path);
  }
  if (!sync_folder(path.parent_path())) return failed(path);
  return {};
}

}  // namespace blo
