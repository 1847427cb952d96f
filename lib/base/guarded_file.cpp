#include "base/guarded_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <vector>

#include "base/descriptor.h"
#include "base/error_category.h"
#include "base/file.h"

namespace blo {
namespace {

using Path = std::filesystem::path;

const char* sentence(GuardError error) {
  switch (error) {
    case GuardError::kLink: return "a link is not followed here";
    case GuardError::kNotRegular: return "this is not a regular file";
    case GuardError::kForeign: return "it belongs to another user";
    case GuardError::kWritable: return "others than its owner may change it";
    case GuardError::kReadable: return "others than its owner may read it";
  }
  return "unknown guard error";
}

Error failed(const Path& path, int reason) {
  const auto code = reason == ENOENT ? FileError::kNotFound : FileError::kFailed;
  return {code, path.string() + " (" + std::strerror(reason) + ")"};
}

Error refused(GuardError code, const Path& path, const std::string& remedy) {
  return {code, path.string() + " (" + remedy + ")"};
}

/// Whose files are trusted here.
class Owners {
 public:
  explicit Owners(const Path& folder) : self_(::geteuid()) {
    struct stat info {};
    if (self_ == 0 && ::stat(folder.c_str(), &info) == 0) folder_ = info.st_uid;
  }
  explicit Owners(uid_t folder) : self_(::geteuid()), folder_(folder) {}
  [[nodiscard]] bool trust(uid_t uid) const { return uid == self_ || uid == 0 || uid == folder_; }
  [[nodiscard]] std::string chown(const Path& path) const {
    return "run: chown " + std::to_string(folder_.value_or(self_)) + " " + path.string();
  }

 private:
  uid_t self_;
  std::optional<uid_t> folder_;
};

Path folder_of(const Path& path) { return path.has_parent_path() ? path.parent_path() : Path("."); }

enum class Sticky { kRefused, kAccepted };

Result<void> check_one_folder(const Path& folder, const Owners& owners, Sticky sticky) {
  struct stat info {};
  if (::stat(folder.c_str(), &info) != 0) return failed(folder, errno);
  if (!owners.trust(info.st_uid)) {
    return refused(GuardError::kForeign, folder, owners.chown(folder));
  }
  const bool open = (info.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  const bool only_adding = sticky == Sticky::kAccepted && (info.st_mode & S_ISVTX) != 0;
  if (open && !only_adding) {
    return refused(GuardError::kWritable, folder, "run: chmod go-w " + folder.string());
  }
  return {};
}

/// Both as written and with links resolved: whoever could move either could put another in place.
Result<void> check_folders(const Path& folder, Sticky innermost, const Owners& owners) {
  std::error_code error;
  const Path written = std::filesystem::absolute(folder, error).lexically_normal();
  const Path real = std::filesystem::canonical(folder, error);
  if (error) return failed(folder, error.value());
  for (const Path& start : {real, written}) {
    Sticky sticky = innermost;
    for (Path at = start; !at.empty(); at = at.parent_path()) {
      if (auto ok = check_one_folder(at, owners, sticky); !ok) return ok;
      if (at == at.root_path()) break;
      // A path that ends with a slash names the same folder once more.
      if (at.has_filename()) sticky = Sticky::kAccepted;
    }
  }
  return {};
}

bool is_read_by_others(const struct stat& info, Readers readers) {
  if (readers == Readers::kAnyone || (info.st_mode & (S_IRWXG | S_IRWXO)) == 0) return false;
  const bool of_root = info.st_uid == 0 && info.st_gid == 0;
  return !(readers == Readers::kCredential && of_root &&
           (info.st_mode & (S_IRWXG | S_IRWXO)) == S_IRGRP);
}

Result<void> check_file(const struct stat& info, const Path& path, Readers readers) {
  const Owners owners(folder_of(path));
  if (!S_ISREG(info.st_mode)) {
    return refused(GuardError::kNotRegular, path, "put the file itself there");
  }
  if (info.st_nlink > 1) {
    return refused(GuardError::kLink, path,
                   "it has other names; run: cp -p " + path.string() + " " + path.string() +
                       ".own && mv " + path.string() + ".own " + path.string());
  }
  if (!owners.trust(info.st_uid)) return refused(GuardError::kForeign, path, owners.chown(path));
  const std::string remedy =
      "run: chmod " + std::string(readers == Readers::kAnyone ? "go-w " : "600 ") + path.string();
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return refused(GuardError::kWritable, path, remedy);
  }
  if (is_read_by_others(info, readers)) return refused(GuardError::kReadable, path, remedy);
  return {};
}

/// The open file's own status is asked, so that what was checked is what is read.
Result<struct stat> check_open_file(int fd, int reason, const Path& path, Readers readers) {
  if (fd < 0 && reason == ELOOP) {
    return refused(GuardError::kLink, path, "put the file itself there");
  }
  if (fd < 0) return failed(path, reason);
  struct stat info {};
  if (::fstat(fd, &info) != 0) return failed(path, errno);
  if (S_ISLNK(info.st_mode)) return refused(GuardError::kLink, path, "put the file itself there");
  if (auto ok = check_file(info, path, readers); !ok) return ok.error();
  return info;
}

Result<Bytes> read_whole(int fd, const Path& path, std::size_t size) {
  Bytes bytes(size);
  std::size_t at = 0;
  while (at < size) {
    const ssize_t got = ::read(fd, bytes.data() + at, size - at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      const int reason = got < 0 ? errno : EIO;
      ::explicit_bzero(bytes.data(), bytes.size());
      return failed(path, reason);
    }
    at += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace

boost::system::error_code make_error_code(GuardError error) {
  static const ErrorCategory<GuardError, sentence> category("blo.guard");
  return {static_cast<int>(error), category};
}

Result<Bytes> read_guarded_file(const Path& path, std::size_t bytes_max, Readers readers) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  const auto info = check_open_file(fd.get(), errno, path, readers);
  if (!info) return info.error();
  if (auto ok = check_folders(folder_of(path), Sticky::kAccepted, Owners(folder_of(path))); !ok)
    return ok.error();
  if (info->st_size < 0 || static_cast<std::uint64_t>(info->st_size) > bytes_max) {
    return Error(FileError::kTooLarge,
                 path.string() + " (over " + std::to_string(bytes_max) + " bytes)");
  }
  return read_whole(fd.get(), path, static_cast<std::size_t>(info->st_size));
}

Result<void> check_guarded_file(const Path& path, Readers readers) {
  const Descriptor fd(::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  if (fd.get() < 0 && errno == ENOENT) return {};
  const auto info = check_open_file(fd.get(), errno, path, readers);
  if (!info) return info.error();
  return check_folders(folder_of(path), Sticky::kAccepted, Owners(folder_of(path)));
}

Result<void> check_guarded_folder(const Path& folder) {
  return check_folders(folder, Sticky::kRefused, Owners(folder));
}

Result<void> check_folder_of(const Path& folder, unsigned owner) {
  struct stat info {};
  if (::stat(folder.c_str(), &info) != 0) return failed(folder, errno);
  if (info.st_uid != owner)
    return Error(GuardError::kForeign,
                 folder.string() + ", of user " + std::to_string(info.st_uid));
  return check_folders(folder, Sticky::kRefused, Owners(owner));
}

}  // namespace blo
