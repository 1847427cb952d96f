#include "base/unnamed_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/file_system.h"

namespace blo {
namespace {

using Path = std::filesystem::path;

Path folder_of(const Path& path) { return path.has_parent_path() ? path.parent_path() : Path("."); }

Error failed(const Path& path, int reason) {
  if (reason == EEXIST) return {FileError::kExists, path.string()};
  const auto code = reason == ENOENT ? FileError::kNotFound : FileError::kFailed;
  std::string why = std::strerror(reason);
  // What FAT, exFAT and NTFS answer to a name that is none there, none of them says.
  if ((reason == EINVAL || reason == EPERM) &&
      path.filename().string().find_first_of(R"(\:*?"<>|)") != std::string::npos)
    why += R"(; sticks take no name with \ : * ? " < > or |)";
  return {code, path.string() + " (" + why + ")"};
}

/// Where an open file that has no name is found, to be given one.
std::string found_at(int fd) { return "/proc/self/fd/" + std::to_string(fd); }

/// -1 where a file cannot be without a name there, or could not be given one.
int open_unnamed(const Path& folder) {
  if (::access("/proc/self/fd", X_OK) != 0) return -1;
  return ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

}  // namespace

UnnamedFile::UnnamedFile(Descriptor fd, Path path, std::string part, Overwrite overwrite)
    : fd_(std::move(fd)), path_(std::move(path)), part_(std::move(part)), overwrite_(overwrite) {}

UnnamedFile::UnnamedFile(UnnamedFile&& other) noexcept
    : fd_(std::move(other.fd_)),
      path_(std::move(other.path_)),
      part_(std::exchange(other.part_, {})),
      overwrite_(other.overwrite_) {}

UnnamedFile::~UnnamedFile() {
  if (!part_.empty()) ::unlink(part_.c_str());
}

Result<UnnamedFile> UnnamedFile::create(const Path& path, Overwrite overwrite) {
  if (overwrite == Overwrite::kNo) {
    Descriptor fd(open_unnamed(folder_of(path)));
    if (fd.ok()) return UnnamedFile(std::move(fd), path, {}, overwrite);
  }
  std::string part = path.string() + ".partXXXXXX";  // none that an interrupted write has left
  Descriptor fd(::mkostemp(part.data(), O_CLOEXEC));
  if (!fd.ok()) return failed(path, errno);
  return UnnamedFile(std::move(fd), path, std::move(part), overwrite);
}

Result<void> UnnamedFile::place(unsigned mode) {
  if (!file_system::set_mode(fd_.get(), mode) || ::fsync(fd_.get()) != 0)
    return failed(path_, errno);
  bool placed = false;
  if (part_.empty()) {
    placed = ::linkat(AT_FDCWD, found_at(fd_.get()).c_str(), AT_FDCWD, path_.c_str(),
                      AT_SYMLINK_FOLLOW) == 0;
  } else if (overwrite_ == Overwrite::kYes) {
    placed = ::rename(part_.c_str(), path_.c_str()) == 0;
  } else {
    placed = file_system::rename_new(part_, path_);
  }
  if (!placed) return failed(path_, errno);
  part_.clear();
  if (!file_system::sync_folder(folder_of(path_))) return failed(path_, errno);
  return {};
}

}  // namespace blo
