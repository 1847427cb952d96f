#include "journal/tiles.h"

#include <cstdio>

namespace blo::journal {

std::string tile_path(std::uint64_t n) {
  const auto group = [](std::uint64_t value) {
    char digits[4];
    std::snprintf(digits, sizeof digits, "%03u", static_cast<unsigned>(value % 1000));
    return std::string(digits);
  };
  std::string path = group(n);
  while (n >= 1000) {
    n /= 1000;
    path = "x" + group(n) + "/" + path;
  }
  return path;
}

std::string tile_path(std::uint64_t n, std::uint64_t width) {
  return width == kTileWidth ? tile_path(n) : tile_path(n) + ".p/" + std::to_string(width);
}

TileWriter::TileWriter(std::string folder, FileSink sink)
    : folder_(std::move(folder)), sink_(std::move(sink)) {}

Result<void> TileWriter::push(std::size_t level, const Hash& hash) {
  if (level == levels_.size()) levels_.emplace_back();
  levels_[level].hashes.push_back(hash);
  if (levels_[level].hashes.size() < kTileWidth) return {};
  if (auto written = write(level); !written) return written;
  Frontier tile;
  for (const Hash& node : levels_[level].hashes) tile.append(node);
  levels_[level].hashes.clear();
  ++levels_[level].tiles;
  return push(level + 1, tile.root());
}

Result<void> TileWriter::write(std::size_t level) {
  const Level& from = levels_[level];
  Bytes contents;
  for (const Hash& hash : from.hashes) blo::append(contents, hash);
  return sink_(
      folder_ + "/tile/" + std::to_string(level) + "/" + tile_path(from.tiles, from.hashes.size()),
      contents);
}

Result<void> TileWriter::finish() {
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    if (levels_[level].hashes.empty()) continue;
    if (auto written = write(level); !written) return written;
  }
  return {};
}

}  // namespace blo::journal
