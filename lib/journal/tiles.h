// Tiles (c2sp.org/tlog-tiles@v0.1.0): the tree's hashes, 256 to a file.
#ifndef BLO_JOURNAL_TILES_H
#define BLO_JOURNAL_TILES_H

#include <functional>
#include <string>

#include "journal/tree.h"

namespace blo::journal {

inline constexpr std::uint64_t kTileWidth = 256;

/// Where files go: relative path ("live_UZ-OYBEK_TJ-FOTEHOBOD_1/tile/0/000") and contents. The
/// exporter never makes a path from outside input.
using FileSink = std::function<Result<void>(const std::string& path, ByteView contents)>;

/// "x001/x234/067": tlog-tiles' path of tile number `n`.
[[nodiscard]] std::string tile_path(std::uint64_t n);
/// The same with ".p/<width>" where the tile is not full (width below 256).
[[nodiscard]] std::string tile_path(std::uint64_t n, std::uint64_t width);

/// Turns leaf hashes into tiles of every level and hands each to the sink as it fills; knows the
/// tree's root all along.
class TileWriter {
 public:
  /// Tiles go to `<folder>/tile/<level>/<path>`.
  TileWriter(std::string folder, FileSink sink);
  [[nodiscard]] Result<void> append(const Hash& leaf) { return push(0, leaf); }
  /// The partial tiles; nothing may be appended afterwards.
  [[nodiscard]] Result<void> finish();

  [[nodiscard]] std::uint64_t size() const;
  [[nodiscard]] Hash root() const;
  /// Over the leaves of the tile that the newest leaf is in; needs size() > 0.
  [[nodiscard]] Hash last_tile_root() const;

 private:
  struct Level {
    std::vector<Hash> hashes;  // of the tile that is filling
    Frontier tree;             // over them
    std::uint64_t tiles = 0;
  };

  Result<void> push(std::size_t level, const Hash& hash);
  Result<void> write(std::size_t level);

  std::string folder_;
  FileSink sink_;
  std::vector<Level> levels_;
  Hash full_{};  // the root of the last tile of leaves that filled
};

}  // namespace blo::journal

#endif
