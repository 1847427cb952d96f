#include "export_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "control/export_path.h"
#include "layout.h"

namespace blo::cli {
namespace {

constexpr int kOpenFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

Failure failed(const std::string& path) {
  return {ExitCode::kFailed, "file-failed",
          path + " could not be written (" + std::strerror(errno) + ").",
          "Check the space and the permissions, and export into a new folder."};
}

bool is_empty(int folder) {
  const int again = ::openat(folder, ".", kOpenFolder);
  DIR* entries = again < 0 ? nullptr : ::fdopendir(again);
  if (entries == nullptr) return false;
  int count = 0;
  while (::readdir(entries) != nullptr) ++count;
  ::closedir(entries);
  return count == 2;  // "." and ".."
}

}  // namespace

Outcome<ExportFolder> ExportFolder::open(const Path& path) {
  if (const auto made = make_folder(path); !made) return made.error();
  ExportFolder folder(::open(path.c_str(), kOpenFolder), path);
  if (!folder.fd_.ok()) return failed(path.string());
  if (!is_empty(folder.fd_.get())) {
    return Failure{ExitCode::kFailed, "folder-not-empty", path.string() + " is not empty.",
                   "Export into a new or empty folder."};
  }
  return folder;
}

Outcome<void> ExportFolder::write(std::string_view path, ByteView contents) {
  const auto parts = control::export_path_parts(path);
  if (parts.empty()) {
    return Failure{ExitCode::kVerificationFailed, "export-path",
                   "The daemon named a file that has no place in an export: " + std::string(path),
                   "Nothing was written under that name. Check the daemon's installation."};
  }
  const std::string whole = (path_ / std::string(path)).string();
  Descriptor at(::openat(fd_.get(), ".", kOpenFolder));
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    if (::mkdirat(at.get(), parts[i].c_str(), 0755) != 0 && errno != EEXIST) return failed(whole);
    at = Descriptor(::openat(at.get(), parts[i].c_str(), kOpenFolder));
    if (!at.ok()) return failed(whole);
  }
  const Descriptor file(::openat(at.get(), parts.back().c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (!file.ok() || !write_all(file.get(), contents)) return failed(whole);
  return {};
}

Outcome<void> ExportFolder::sync() {
  if (::syncfs(fd_.get()) != 0) return failed(path_.string());
  return {};
}

}  // namespace blo::cli
