// One backup being written: a copy of the store and the files beside it, sealed piece by piece.
#ifndef BLO_DAEMON_BACKUP_H
#define BLO_DAEMON_BACKUP_H

#include "backup/parts.h"
#include "backup/stream.h"
#include "base/descriptor.h"
#include "crypto/running_hash.h"
#include "office/office.h"

namespace blo::daemon {

/// Where the store is copied to in a home while a backup is written.
[[nodiscard]] std::filesystem::path copy_in(const std::filesystem::path& home);
/// What a daemon that was killed in the middle of one left behind, and what a killed `blo restore`
/// did. Call with the home's lock held, which the latter holds, too.
void remove_left_copies(const std::filesystem::path& home);

/// Copies, checks, seals, in this order. Of what it gives out nothing can be read without the
/// backup key. The copy goes when the job goes.
class BackupJob {
 public:
  /// `store` outlives it. Errors: BackupError::kWrongKey, HomeError::kUnsealedKey (office.key is to
  /// be in it and lies there unsealed), StoreError.
  [[nodiscard]] static Result<BackupJob> begin(office::Office& office,
                                               const std::filesystem::path& home,
                                               const crypto::DhPublic& recipient,
                                               bool with_office_key, Now now);
  BackupJob(BackupJob&&) noexcept = default;
  BackupJob& operator=(BackupJob&&) = delete;
  BackupJob(const BackupJob&) = delete;
  BackupJob& operator=(const BackupJob&) = delete;

  /// Copies some more of the store; false once it is all there.
  [[nodiscard]] Result<bool> copy() { return snapshot_->step(); }
  /// Reads the copy whole, on whatever thread.
  [[nodiscard]] Result<void> check();
  /// After check(): the header, then chunk after chunk; empty when all has been given.
  [[nodiscard]] Result<Bytes> next();

  [[nodiscard]] WallTime time() const { return sealer_.header().time; }
  [[nodiscard]] const std::vector<store::CheckedJournal>& journals() const { return journals_; }
  [[nodiscard]] const std::vector<std::string>& parts() const { return parts_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  /// Of all that was given; once, at the end.
  [[nodiscard]] crypto::Hash sha256() { return hash_.finish(); }

 private:
  /// Removes the copy, whatever happens.
  struct Copy {
    explicit Copy(std::filesystem::path at) : path(std::move(at)) {}
    Copy(Copy&& other) noexcept : path(std::exchange(other.path, {})) {}
    Copy& operator=(Copy&&) = delete;
    Copy(const Copy&) = delete;
    Copy& operator=(const Copy&) = delete;
    ~Copy();
    std::filesystem::path path;
  };
  BackupJob(Copy copy, store::Snapshot snapshot, backup::Sealer sealer, crypto::Key store_key);
  [[nodiscard]] Result<void> add_small(const std::filesystem::path& home, std::string_view name);
  [[nodiscard]] Result<void> open_copy();
  [[nodiscard]] Bytes give(Bytes bytes);

  Copy copy_;  // goes after what has it open
  std::optional<store::Snapshot> snapshot_;
  backup::Sealer sealer_;
  crypto::Key store_key_;
  std::vector<store::CheckedJournal> journals_;
  std::vector<std::string> parts_;
  Bytes plain_;  // not sealed yet
  Descriptor file_{-1};
  std::uint64_t left_ = 0;  // of the copy, unread
  enum class Stage { kHeader, kChunks, kDone } stage_ = Stage::kHeader;
  std::uint64_t bytes_ = 0;
  crypto::RunningSha256 hash_;
};

}  // namespace blo::daemon

#endif
