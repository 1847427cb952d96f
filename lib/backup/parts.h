// What a backup holds, one file after another.
#ifndef BLO_BACKUP_PARTS_H
#define BLO_BACKUP_PARTS_H

#include <functional>

#include "backup/error.h"
#include "base/bytes.h"
#include "base/result.h"

namespace blo::backup {

/// In the order in which they stand; of these the last is always there.
inline constexpr std::array<std::string_view, 5> kPartNames{"authority.pem", "office.pem",
                                                            "blod.toml", "office.key", "store.db"};
inline constexpr std::string_view kStorePart = kPartNames.back();

/// u8 length ‖ name ‖ u64be size: what stands before a file's bytes.
[[nodiscard]] Bytes part_heading(std::string_view name, std::uint64_t size);

/// Takes a backup's opened bytes in any portions and gives the files: small ones whole, the store
/// piece by piece.
class PartReader {
 public:
  struct Sink {
    std::function<Result<void>(std::string_view name, ByteView whole)> small;
    std::function<Result<void>(ByteView piece)> store;
  };
  explicit PartReader(Sink sink) : sink_(std::move(sink)) {}

  /// kMalformed for a name that is unknown or out of order, or a size past its limit; what the sink
  /// gives.
  [[nodiscard]] Result<void> feed(ByteView bytes);
  /// After the last byte. kMalformed where something is missing.
  [[nodiscard]] Result<void> finish() const;

 private:
  [[nodiscard]] Result<bool> take_heading();

  Sink sink_;
  Bytes buffer_;          // of a heading or a small file
  std::size_t next_ = 0;  // which of kPartNames may come
  bool in_part_ = false;
  std::uint64_t left_ = 0;  // of the part
};

}  // namespace blo::backup

#endif
