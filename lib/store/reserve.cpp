#include "store/reserve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/bytes.h"
#include "store/refused_write.h"

namespace blo::store {
namespace {

constexpr std::uint64_t kBlockBytes = 512;  // of stat's count
constexpr std::uint64_t kZerosBytes = 64ULL * 1024;
/// A log is begun anew at half of it.
constexpr std::uint64_t kWipedBytesMax = 8ULL * 1024 * 1024;

Error refused(int why) {
  if (auto known = refused_write(why)) return *known;
  return {StoreError::kFailed,
          std::string("the space kept for the audit trail (") + std::strerror(why) + ")"};
}

}  // namespace

Result<std::unique_ptr<Reserve>> Reserve::of(const std::filesystem::path& log) {
  // Closing it takes away no lock: SQLite locks the database and not its log.
  const int file = ::open(log.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return refused(errno);
  return std::unique_ptr<Reserve>(new Reserve(file));
}

Reserve::~Reserve() { ::close(file_); }

Result<void> Reserve::hold(std::uint64_t bytes) {
  if (held_bytes_ >= bytes) return {};
  const std::uint64_t wanted = bytes + kAheadBytes;
  // Some file systems give what there is before they say that it is not enough.
  if (const auto free = check_free(wanted); !free) return free;
  const auto from = static_cast<off_t>(held_bytes_);
  int failed = 0;
  if (::fallocate(file_, FALLOC_FL_KEEP_SIZE, from, static_cast<off_t>(wanted) - from) != 0)
    failed = errno;
  if (failed == EOPNOTSUPP || failed == ENOSYS) failed = extend(wanted);
  if (failed != 0) return refused(failed);
  held_bytes_ = wanted;
  return {};
}

bool Reserve::wipe() {
  struct stat log {};
  if (::fstat(file_, &log) != 0) return false;
  const auto size = static_cast<std::uint64_t>(log.st_size);
  if (size > kWipedBytesMax) return false;
  if (size == 0) return true;
  return ::fallocate(file_, FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, 0, log.st_size) == 0 ||
         write_zeros(0, size) == 0;
}

Result<void> Reserve::check_free(std::uint64_t to_bytes) const {
  struct stat log {};
  struct statvfs disk {};
  if (::fstat(file_, &log) != 0 || ::fstatvfs(file_, &disk) != 0) return refused(errno);
  const std::uint64_t there =
      std::max(held_bytes_, static_cast<std::uint64_t>(log.st_blocks) * kBlockBytes);
  const std::uint64_t blocks = ::geteuid() == 0 ? disk.f_bfree : disk.f_bavail;
  if (there >= to_bytes || blocks * disk.f_frsize >= to_bytes - there) return {};
  return refused(ENOSPC);
}

/// errno, or 0.
int Reserve::extend(std::uint64_t to_bytes) const {
  struct stat log {};
  if (::fstat(file_, &log) != 0) return errno;
  const int failed = write_zeros(static_cast<std::uint64_t>(log.st_size), to_bytes);
  if (failed == 0) return 0;
  return ::ftruncate(file_, log.st_size) == 0 ? failed : errno;
}

/// errno, or 0.
int Reserve::write_zeros(std::uint64_t from_bytes, std::uint64_t to_bytes) const {
  const Bytes zeros(kZerosBytes);
  for (auto at = from_bytes; at < to_bytes;) {
    const std::uint64_t size = std::min(kZerosBytes, to_bytes - at);
    const ssize_t written = ::pwrite64(file_, zeros.data(), size, static_cast<off_t>(at));
    if (written < 0) return errno;
    at += static_cast<std::uint64_t>(written);
  }
  return 0;
}

}  // namespace blo::store
