// What follows the header: chunks of 64 KiB, each sealed with its place and whether it is the last.
#ifndef BLO_BACKUP_STREAM_H
#define BLO_BACKUP_STREAM_H

#include "backup/header.h"

namespace blo::backup {

inline constexpr std::size_t kChunkBytes = 64 * 1024;
inline constexpr std::size_t kSealedChunkBytes = kChunkBytes + 16;

/// Seals one backup, in order.
class Sealer {
 public:
  /// A new ephemeral key each time; `ephemeral` is given by tests alone. kWrongKey: the recipient's
  /// key is no usable one.
  [[nodiscard]] static Result<Sealer> begin(const Recipient& recipient, WallTime time);
  [[nodiscard]] static Result<Sealer> begin(const Recipient& recipient, WallTime time,
                                            const crypto::DhKeyPair& ephemeral);

  [[nodiscard]] const Header& header() const { return header_; }
  /// Every chunk but the last has exactly kChunkBytes; the last has 1 to kChunkBytes.
  [[nodiscard]] Bytes seal(ByteView chunk, bool last);

 private:
  Sealer(Header header, crypto::Key key) : header_(std::move(header)), key_(std::move(key)) {}
  Header header_;
  crypto::Key key_;
  std::uint64_t counter_ = 0;
};

/// Opens one backup, in order.
class Opener {
 public:
  /// kWrongKey.
  [[nodiscard]] static Result<Opener> begin(const Header& header, const crypto::DhKeyPair& key);
  /// `at_end`: nothing follows in the file. kDamaged, kTruncated; nothing of the chunk is given out
  /// then.
  [[nodiscard]] Result<Bytes> open(ByteView sealed, bool at_end);

 private:
  explicit Opener(crypto::Key key) : key_(std::move(key)) {}
  crypto::Key key_;
  std::uint64_t counter_ = 0;
};

}  // namespace blo::backup

#endif
