#include "base/guarded_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/descriptor.h"
#include "base/error_category.h"
#include "base/file.h"
#include "base/file_system.h"
#include "base/unnamed_file.h"

namespace blo {
namespace {

using Path = std::filesystem::path;

const char* sentence(GuardError error) {
  switch (error) {
    case GuardError::kLink: return "a link is not followed here";
    case GuardError::kNotRegular: return "this is not a regular file";
    case GuardError::kForeign: return "it belongs to another user";
    case GuardError::kWritable: return "others than the owner may make changes";
    case GuardError::kReadable: return "others than its owner may read it";
    case GuardError::kUnguardable:
      return "the file system there keeps no owners and no modes (FAT, exFAT and NTFS keep none), "
             "so everybody on this machine, and whoever has the stick, could read a secret";
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
  /// For the command that gives one back.
  [[nodiscard]] std::string rightful() const { return std::to_string(folder_.value_or(self_)); }

 private:
  uid_t self_;
  std::optional<uid_t> folder_;
};

Path folder_of(const Path& path) { return path.has_parent_path() ? path.parent_path() : Path("."); }

enum class Sticky { kRefused, kAccepted };

/// The folders of one path that others could change, each once, and what mends them.
class OpenFolders {
 public:
  explicit OpenFolders(const Owners& owners) : owners_(owners) {}
  [[nodiscard]] Result<void> look_at(const Path& folder, Sticky sticky);
  [[nodiscard]] Result<void> verdict() const;

 private:
  const Owners& owners_;
  std::set<std::pair<dev_t, ino_t>> seen_;
  std::string all_, foreign_, writable_;  // " /a /b"
};

Result<void> OpenFolders::look_at(const Path& folder, Sticky sticky) {
  struct stat info {};
  if (::stat(folder.c_str(), &info) != 0) return failed(folder, errno);
  const bool foreign = !owners_.trust(info.st_uid);
  const bool open = (info.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  const bool only_adding = sticky == Sticky::kAccepted && (info.st_mode & S_ISVTX) != 0;
  const bool writable = open && !only_adding;
  if ((!foreign && !writable) || !seen_.emplace(info.st_dev, info.st_ino).second) return {};
  all_ += (all_.empty() ? "" : ", ") + folder.string();
  if (foreign) foreign_ += " " + folder.string();
  if (writable) writable_ += " " + folder.string();
  return {};
}

Result<void> OpenFolders::verdict() const {
  if (all_.empty()) return {};
  std::string remedy = "run: ";
  if (!foreign_.empty()) remedy += "chown " + owners_.rightful() + foreign_;
  if (!foreign_.empty() && !writable_.empty()) remedy += " && ";
  if (!writable_.empty()) remedy += "chmod go-w" + writable_;
  return Error(writable_.empty() ? GuardError::kForeign : GuardError::kWritable,
               all_ + " (" + remedy + ")");
}

/// Both as written and with links resolved: whoever could move either could put another in place.
Result<void> check_folders(const Path& folder, Sticky innermost, const Owners& owners) {
  std::error_code error;
  const Path written = std::filesystem::absolute(folder, error).lexically_normal();
  const Path real = std::filesystem::canonical(folder, error);
  if (error) return failed(folder, error.value());
  OpenFolders found(owners);
  for (const Path& start : {real, written}) {
    Sticky sticky = innermost;
    for (Path at = start; !at.empty(); at = at.parent_path()) {
      if (auto ok = found.look_at(at, sticky); !ok) return ok;
      if (at == at.root_path()) break;
      // A path that ends with a slash names the same folder once more.
      if (at.has_filename()) sticky = Sticky::kAccepted;
    }
  }
  return found.verdict();
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
  if (!owners.trust(info.st_uid)) {
    return refused(GuardError::kForeign, path,
                   "run: chown " + owners.rightful() + " " + path.string());
  }
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
  if (auto ok = check_folders(folder_of(path), Sticky::kAccepted, Owners(folder_of(path))); !ok)
    return ok.error();
  return info;
}

/// Where the file system keeps no modes, the command that would mend one changes nothing.
Error with_what_mends(const Error& error, const Path& folder, const std::string& instead) {
  const bool of_modes = error == GuardError::kForeign || error == GuardError::kWritable ||
                        error == GuardError::kReadable;
  if (!of_modes || file_system::keeps_modes_in(folder)) return error;
  return {GuardError::kUnguardable, instead};
}

Error unguardable(const Path& folder) {
  return {GuardError::kUnguardable,
          folder.string() +
              " (choose a folder of this machine's own disk, or have the stick "
              "formatted with ext4)"};
}

Error with_what_mends_file(const Error& error, const Path& path) {
  return with_what_mends(error, folder_of(path),
                         path.string() + " (copy it to this machine's own disk, for example: " +
                             "install -m 0600 " + path.string() + " .)");
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
  if (!info) return with_what_mends_file(info.error(), path);
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
  if (!info) return with_what_mends_file(info.error(), path);
  return {};
}

Result<void> write_guarded_file(const Path& path, ByteView bytes) {
  auto file = UnnamedFile::create(path, Overwrite::kNo);
  if (!file) return file.error();
  if (!file_system::keeps_modes(file->fd())) return unguardable(folder_of(path));
  if (!write_all(file->fd(), bytes)) return failed(path, errno);
  return file->place(0600);
}

Result<void> check_place_for_secrets(const Path& folder) {
  std::error_code error;
  Path there = std::filesystem::absolute(folder.empty() ? "." : folder, error).lexically_normal();
  const bool exists = std::filesystem::exists(there, error);
  while (there.has_relative_path() && !std::filesystem::exists(there, error))
    there = there.parent_path();
  if (!file_system::keeps_modes_in(there)) return unguardable(folder);
  // One that is made will be this user's.
  return check_folders(there, Sticky::kAccepted, exists ? Owners(there) : Owners(::geteuid()));
}

Result<void> check_guarded_folder(const Path& folder) {
  const auto ok = check_folders(folder, Sticky::kRefused, Owners(folder));
  if (ok) return {};
  return with_what_mends(ok.error(), folder,
                         folder.string() + " (move it whole to this machine's own disk)");
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
