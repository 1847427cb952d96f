#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/descriptor.h"
#include "base/error_category.h"
#include "base/unnamed_file.h"

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
  auto file = UnnamedFile::create(path, overwrite);
  if (!file) return file.error();
  if (!write_all(file->fd(), bytes)) return failed(path);
  return file->place(mode);
}

}  // namespace blo
