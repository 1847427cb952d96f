// Preloaded into a program, makes the folder that STICK names behave as one on a stick: no modes,
// no owners, no second names, no files without a name. STICK_KIND=fat (Linux's own vfat and exfat):
// a mode that is given is taken without a word and forgotten. STICK_KIND=fuse (what runs in user
// space, at its worst): modes are refused, nothing is renamed over what is there, a folder cannot
// be synced. STICK_FMASK: the bits of a mode that its mount hides. STICK_DIES=rename: the program
// is killed when a file there is about to get its name.
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

namespace {

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

struct stat true_status(int folder, const char* path, int flags) {
  static auto* const real = next<int(int, const char*, struct stat*, int)>("fstatat");
  struct stat info {};
  const int before = errno;
  if (real(folder, path, &info, flags) != 0) info = {};
  errno = before;
  return info;
}

bool same(const struct stat& a, const struct stat& b) {
  return a.st_ino != 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// Looked for from the top each time: a descriptor does not say by which way it was opened.
bool is_below(const std::string& folder, const struct stat& wanted) {
  if (same(true_status(AT_FDCWD, folder.c_str(), 0), wanted)) return true;
  DIR* entries = ::opendir(folder.c_str());
  if (entries == nullptr) return false;
  bool found = false;
  while (const dirent* entry = found ? nullptr : ::readdir(entries)) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const std::string path = folder + "/" + name;
    const auto info = true_status(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW);
    found = same(info, wanted) || (S_ISDIR(info.st_mode) && is_below(path, wanted));
  }
  ::closedir(entries);
  return found;
}

bool is_on_stick(const struct stat& info) {
  const char* stick = std::getenv("STICK");
  const int before = errno;
  const bool found = stick != nullptr && info.st_ino != 0 && is_below(stick, info);
  errno = before;
  return found;
}

bool is_on_stick(int fd) { return is_on_stick(true_status(fd, "", AT_EMPTY_PATH)); }
bool is_on_stick(int folder, const char* path) {
  return is_on_stick(true_status(folder, path, AT_SYMLINK_NOFOLLOW));
}
/// Of a name that may not be there yet.
bool goes_to_stick(const char* path) {
  const auto folder = std::filesystem::path(path).parent_path();
  return is_on_stick(AT_FDCWD, folder.empty() ? "." : folder.c_str());
}

bool is_fuse() {
  const char* kind = std::getenv("STICK_KIND");
  return kind != nullptr && std::strcmp(kind, "fuse") == 0;
}

int refuse(int reason) {
  errno = reason;
  return -1;
}

int give_mode() { return is_fuse() ? refuse(ENOSYS) : 0; }

int as_mounted(int done, struct stat* info) {
  if (done != 0 || !is_on_stick(*info)) return done;
  const char* mask = std::getenv("STICK_FMASK");
  const mode_t hidden = mask == nullptr ? 0 : static_cast<mode_t>(std::strtoul(mask, nullptr, 8));
  info->st_mode |= 0777U;
  info->st_mode &= ~(S_ISDIR(info->st_mode) ? hidden & 0077U : hidden);
  return done;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  static auto* const real = next<int(const char*, int, ...)>("open");
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  if ((flags & O_TMPFILE) == O_TMPFILE && is_on_stick(AT_FDCWD, path)) return refuse(EOPNOTSUPP);
  return real(path, flags, mode);
}

int mkostemp(char* name, int flags) {
  static auto* const real = next<int(char*, int)>("mkostemp");
  if (std::strchr(name, ':') != nullptr && goes_to_stick(name)) return refuse(EINVAL);
  return real(name, flags);
}

int fchmod(int fd, mode_t mode) {
  static auto* const real = next<int(int, mode_t)>("fchmod");
  return is_on_stick(fd) ? give_mode() : real(fd, mode);
}

int chmod(const char* path, mode_t mode) {
  static auto* const real = next<int(const char*, mode_t)>("chmod");
  return is_on_stick(AT_FDCWD, path) ? give_mode() : real(path, mode);
}

int link(const char* from, const char* to) {
  static auto* const real = next<int(const char*, const char*)>("link");
  return goes_to_stick(to) ? refuse(EPERM) : real(from, to);
}

int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) {
  static auto* const real = next<int(int, const char*, int, const char*, int)>("linkat");
  return goes_to_stick(to) ? refuse(EPERM) : real(from_folder, from, to_folder, to, flags);
}

int rename(const char* from, const char* to) {
  static auto* const real = next<int(const char*, const char*)>("rename");
  if (std::getenv("STICK_DIES") != nullptr && goes_to_stick(to)) ::raise(SIGKILL);
  if (is_fuse() && is_on_stick(AT_FDCWD, to)) return refuse(EEXIST);
  return real(from, to);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to,
              unsigned flags) noexcept {
  static auto* const real = next<int(int, const char*, int, const char*, unsigned)>("renameat2");
  if (is_fuse() && flags != 0 && goes_to_stick(to)) return refuse(EINVAL);
  return real(from_folder, from, to_folder, to, flags);
}

int fsync(int fd) {
  static auto* const real = next<int(int)>("fsync");
  const auto info = true_status(fd, "", AT_EMPTY_PATH);
  if (is_fuse() && S_ISDIR(info.st_mode) && is_on_stick(info)) return refuse(EINVAL);
  return real(fd);
}

int fstat(int fd, struct stat* info) {
  static auto* const real = next<int(int, struct stat*)>("fstat");
  return as_mounted(real(fd, info), info);
}

int stat(const char* path, struct stat* info) {
  static auto* const real = next<int(const char*, struct stat*)>("stat");
  return as_mounted(real(path, info), info);
}

int lstat(const char* path, struct stat* info) {
  static auto* const real = next<int(const char*, struct stat*)>("lstat");
  return as_mounted(real(path, info), info);
}
}
