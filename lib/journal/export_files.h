// Reads an export that nobody vouches for: by relative paths under one folder, following no
// symbolic link, opening nothing but regular files and folders.
#ifndef BLO_JOURNAL_EXPORT_FILES_H
#define BLO_JOURNAL_EXPORT_FILES_H

#include <filesystem>
#include <functional>

#include "base/file.h"

namespace blo::journal {

/// A file descriptor that closes itself.
class OwnedFd {
 public:
  explicit OwnedFd(int fd) : fd_(fd) {}
  OwnedFd(OwnedFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  OwnedFd& operator=(OwnedFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  OwnedFd(const OwnedFd&) = delete;
  OwnedFd& operator=(const OwnedFd&) = delete;
  ~OwnedFd();
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool ok() const { return fd_ >= 0; }
  /// Gives the descriptor away.
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

enum class FileKind { kRegular, kFolder, kOther };

/// Called for each name in a folder, "." and ".." left out. The name is as hostile as its maker.
using NameSink = std::function<void(const std::string& name, FileKind kind)>;

class ExportFiles {
 public:
  /// The folder itself may be reached through links: it is the caller's choice.
  [[nodiscard]] static Result<ExportFiles> open(const std::filesystem::path& folder);

  /// Errors: FileError.
  [[nodiscard]] Result<Bytes> read(const std::string& path, std::size_t bytes_max) const;
  [[nodiscard]] Result<void> list(const std::string& path, const NameSink& sink) const;

 private:
  explicit ExportFiles(OwnedFd folder) : folder_(std::move(folder)) {}
  Result<OwnedFd> open_at(const std::string& path, int last_flags) const;

  OwnedFd folder_;
};

}  // namespace blo::journal

#endif
