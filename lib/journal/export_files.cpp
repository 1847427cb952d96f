#include "journal/export_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

namespace blo::journal {
namespace {

constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
// Without O_NONBLOCK a pipe put in a file's place would stop us for ever.
constexpr int kFileFlags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;

Error failed(const std::string& path) {
  if (errno == ENOENT) return {FileError::kNotFound, path};
  // A symbolic link where a file or a folder belongs.
  if (errno == ELOOP || errno == ENOTDIR) return {FileError::kNotRegular, path};
  return {FileError::kFailed, path};
}

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

FileKind kind_of(int folder, const char* name) {
  struct stat info {};
  if (::fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0) return FileKind::kOther;
  if (S_ISREG(info.st_mode)) return FileKind::kRegular;
  return S_ISDIR(info.st_mode) ? FileKind::kFolder : FileKind::kOther;
}

}  // namespace

Result<ExportFiles> ExportFiles::open(const std::filesystem::path& folder) {
  Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.ok()) return failed(folder.string());
  return ExportFiles(std::move(fd));
}

Result<Descriptor> ExportFiles::open_at(const std::string& path, int last_flags) const {
  Descriptor folder(::openat(folder_.get(), ".", kFolderFlags));
  if (!folder.ok()) return failed(path);
  std::string_view rest = path;
  for (std::size_t slash; (slash = rest.find('/')) != rest.npos; rest.remove_prefix(slash + 1)) {
    Descriptor next(
        ::openat(folder.get(), std::string(rest.substr(0, slash)).c_str(), kFolderFlags));
    if (!next.ok()) return failed(path);
    folder = std::move(next);
  }
  Descriptor last(::openat(folder.get(), std::string(rest).c_str(), last_flags));
  if (!last.ok()) return failed(path);
  return last;
}

Result<Bytes> ExportFiles::read(const std::string& path, std::size_t bytes_max) const {
  const auto fd = open_at(path, kFileFlags);
  if (!fd) return fd.error();
  struct stat info {};
  if (::fstat(fd->get(), &info) != 0) return failed(path);
  if (!S_ISREG(info.st_mode)) return Error(FileError::kNotRegular, path);
  if (info.st_size < 0 || static_cast<std::uint64_t>(info.st_size) > bytes_max) {
    return Error(FileError::kTooLarge, path);
  }
  Bytes bytes(static_cast<std::size_t>(info.st_size));
  std::size_t got = 0;
  while (got < bytes.size()) {
    const ssize_t more = ::read(fd->get(), bytes.data() + got, bytes.size() - got);
    if (more < 0 && errno == EINTR) continue;
    if (more < 0) return failed(path);
    if (more == 0) break;
    got += static_cast<std::size_t>(more);
  }
  bytes.resize(got);
  if (const auto [digest, first] = digests_.try_emplace(path); first)
    digest->second = crypto::sha256(bytes);
  return bytes;
}

Result<void> ExportFiles::list(const std::string& path, const NameSink& sink) const {
  auto fd = open_at(path, kFolderFlags);
  if (!fd) return fd.error();
  const std::unique_ptr<DIR, CloseFolder> folder(::fdopendir(fd->get()));
  if (!folder) return failed(path);
  const int listed = fd->release();
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(folder.get());
    if (entry == nullptr) break;
    const std::string name = entry->d_name;
    if (name != "." && name != "..") sink(name, kind_of(listed, entry->d_name));
  }
  if (errno != 0) return failed(path);
  return {};
}

}  // namespace blo::journal
