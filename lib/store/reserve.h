// Space that is the store's before anybody needs it.
#ifndef BLO_STORE_RESERVE_H
#define BLO_STORE_RESERVE_H

#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/result.h"

namespace blo::store {

/// Blocks of the file system behind the end of a write-ahead log, which belong to that file: what
/// is appended to it finds them whoever else fills the disk. Where the file system cannot give any
/// ahead, zeros are written there; SQLite takes them for the log's end.
class Reserve {
 public:
  /// So many bytes more than were asked for are taken, so that not every commit asks.
  static constexpr std::uint64_t kAheadBytes = 256ULL * 1024;

  /// Of a log that exists.
  [[nodiscard]] static Result<std::unique_ptr<Reserve>> of(const std::filesystem::path& log);
  Reserve(const Reserve&) = delete;
  Reserve& operator=(const Reserve&) = delete;
  ~Reserve();

  /// The log's first `bytes` have their blocks. kFull, kReadOnly: not all of them, and the disk is
  /// not filled by trying.
  [[nodiscard]] Result<void> hold(std::uint64_t bytes);
  /// Nothing of what was written is left, and every block is still there. False: this takes another
  /// way, since the log is long, or its file system has no such thing and no room for it.
  [[nodiscard]] bool wipe();
  /// The log was cut to nothing, and its blocks with it.
  void let_go() { held_bytes_ = 0; }

 private:
  explicit Reserve(int file) : file_(file) {}
  [[nodiscard]] Result<void> check_free(std::uint64_t to_bytes) const;
  [[nodiscard]] int extend(std::uint64_t to_bytes) const;
  [[nodiscard]] int write_zeros(std::uint64_t from_bytes, std::uint64_t to_bytes) const;

  int file_;
  std::uint64_t held_bytes_ = 0;
};

}  // namespace blo::store

#endif
