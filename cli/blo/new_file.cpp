#include "new_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "crypto/running_hash.h"

namespace blo::cli {
namespace {

constexpr const char* kUsualNextStep =
    "Check the space and the permissions. Nothing is left under that name.";

Failure write_failed(std::string sentence, const char* next_step = kUsualNextStep) {
  return {ExitCode::kFailed, "file-failed", std::move(sentence), next_step};
}

}  // namespace

Failure NewFile::failed(int reason) const {
  return write_failed(path_.string() + " could not be written (" + std::strerror(reason) + ").",
                      reason == EFBIG
                          ? "A file system has a largest file; FAT's ends at 4 GiB. Take a "
                            "stick with exFAT or ext4. Nothing is left under that name."
                          : kUsualNextStep);
}

Outcome<NewFile> NewFile::create(const Path& path) {
  std::error_code error;
  if (std::filesystem::exists(std::filesystem::symlink_status(path, error)))
    return failure_from(Error(FileError::kExists, path.string()));
  auto file = UnnamedFile::create(path, Overwrite::kNo);
  if (!file) return write_failed(file.error().message());
  return NewFile(std::move(*file), path);
}

Outcome<void> NewFile::write(ByteView bytes) {
  if (!write_all(file_.fd(), bytes)) return failed(errno);
  return {};
}

Outcome<crypto::Hash> NewFile::reread() {
  if (::fsync(file_.fd()) != 0) return failed(errno);
  // What the page cache still holds would say nothing about the disk.
  static_cast<void>(::posix_fadvise(file_.fd(), 0, 0, POSIX_FADV_DONTNEED));
  if (::lseek(file_.fd(), 0, SEEK_SET) != 0) return failed(errno);
  crypto::RunningSha256 hash;
  Bytes buffer(1024 * 1024);
  for (;;) {
    const ssize_t got = ::read(file_.fd(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(errno);
    if (got == 0) return hash.finish();
    hash.put(ByteView(buffer).first(static_cast<std::size_t>(got)));
  }
}

Outcome<void> NewFile::place() {
  const auto placed = file_.place(0600);
  if (placed) return {};
  if (placed.error() == FileError::kExists) return failure_from(placed.error());
  return write_failed(placed.error().message());
}

}  // namespace blo::cli
