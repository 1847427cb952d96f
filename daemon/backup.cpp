#include "daemon/backup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/file.h"
#include "base/guarded_file.h"
#include "base/limits.h"
#include "daemon/home.h"
#include "identity/keyfile.h"

namespace blo::daemon {
namespace {

Error failed(const std::filesystem::path& path) {
  return {FileError::kFailed, path.string() + " (" + std::strerror(errno) + ")"};
}

/// What must be left for the office's own messages while the copy is there.
constexpr std::uintmax_t kSpaceLeftBytes = 64 * 1024 * 1024;

/// A backup must not be what fills the store's disk.
Result<void> check_space(const std::filesystem::path& home) {
  std::error_code failed;
  std::uintmax_t needed = kSpaceLeftBytes;
  for (const char* name : {"store.db", "store.db-wal"}) {
    const auto size = std::filesystem::file_size(home / name, failed);
    if (!failed) needed += size;
  }
  const auto space = std::filesystem::space(home, failed);
  if (failed || space.available >= needed) return {};
  return Error(store::StoreError::kFull, "a copy of the store needs " + std::to_string(needed) +
                                             " bytes in " + home.string());
}

}  // namespace

std::filesystem::path copy_in(const std::filesystem::path& home) { return home / "store.db.copy"; }

void remove_left_copies(const std::filesystem::path& home) {
  store::remove_database(copy_in(home));
  store::remove_database(store::restored_part(home));
}

BackupJob::Copy::~Copy() {
  if (!path.empty()) store::remove_database(path);
}

BackupJob::BackupJob(Copy copy, store::Snapshot snapshot, backup::Sealer sealer,
                     crypto::Key store_key)
    : copy_(std::move(copy)),
      snapshot_(std::move(snapshot)),
      sealer_(std::move(sealer)),
      store_key_(std::move(store_key)) {}

Result<BackupJob> BackupJob::begin(office::Office& office, const std::filesystem::path& home,
                                   const crypto::DhPublic& recipient, bool with_office_key,
                                   Now now) {
  const auto& keys = office.keys();
  auto sealer = backup::Sealer::begin({keys.network, keys.id, recipient}, now.wall);
  if (!sealer) return sealer.error();
  if (with_office_key) {
    const auto sealed = identity::key_file_is_sealed(home / "office.key");
    if (!sealed) return sealed.error();
    if (!*sealed) return Error(HomeError::kUnsealedKey, (home / "office.key").string());
  }
  const auto path = copy_in(home);
  remove_left_copies(home);
  if (const auto enough = check_space(home); !enough) return enough.error();
  auto snapshot = office.store().snapshot(path);
  if (!snapshot) return snapshot.error();
  BackupJob job(Copy(path), std::move(*snapshot), std::move(*sealer), keys.store.clone());
  for (const char* name : {"authority.pem", "office.pem", "blod.toml", "office.key"}) {
    if (name == std::string_view("office.key") && !with_office_key) continue;
    if (const auto added = job.add_small(home, name); !added) return added.error();
  }
  return job;
}

Result<void> BackupJob::add_small(const std::filesystem::path& home, std::string_view name) {
  const auto bytes = read_guarded_file(home / name, limits::kSmallFileBytesMax, Readers::kAnyone);
  if (!bytes && bytes.error() == FileError::kNotFound) return {};  // blod.toml need not be there
  if (!bytes) return bytes.error();
  append(plain_, backup::part_heading(name, bytes->size()));
  append(plain_, *bytes);
  parts_.emplace_back(name);
  return {};
}

Result<void> BackupJob::check() {
  auto journals = store::check_copy(copy_.path, store_key_);
  if (!journals) return journals.error();
  journals_ = std::move(*journals);
  return {};
}

Result<void> BackupJob::open_copy() {
  file_ = Descriptor(::open(copy_.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat info {};
  if (!file_.ok() || ::fstat(file_.get(), &info) != 0) return failed(copy_.path);
  left_ = static_cast<std::uint64_t>(info.st_size);
  append(plain_, backup::part_heading(backup::kStorePart, left_));
  parts_.emplace_back(backup::kStorePart);
  return {};
}

Bytes BackupJob::give(Bytes bytes) {
  bytes_ += bytes.size();
  hash_.put(bytes);
  return bytes;
}

Result<Bytes> BackupJob::next() {
  if (stage_ == Stage::kDone) return Bytes();
  if (stage_ == Stage::kHeader) {
    if (const auto opened = open_copy(); !opened) return opened.error();
    stage_ = Stage::kChunks;
    return give(to_bytes(std::string_view(sealer_.header().text())));
  }
  while (plain_.size() <= backup::kChunkBytes && left_ > 0) {
    Bytes piece(static_cast<std::size_t>(std::min<std::uint64_t>(left_, backup::kChunkBytes)));
    const ssize_t got = ::read(file_.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return failed(copy_.path);
    append(plain_, ByteView(piece).first(static_cast<std::size_t>(got)));
    left_ -= static_cast<std::uint64_t>(got);
  }
  const std::size_t size = std::min(plain_.size(), backup::kChunkBytes);
  const bool last = left_ == 0 && size == plain_.size();
  Bytes sealed = sealer_.seal(ByteView(plain_).first(size), last);
  plain_.erase(plain_.begin(), plain_.begin() + static_cast<std::ptrdiff_t>(size));
  if (last) stage_ = Stage::kDone;
  return give(std::move(sealed));
}

}  // namespace blo::daemon
