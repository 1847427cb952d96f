#include "journal/tiles.h"

#include <cstdio>
#include <optional>
#include <utility>

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
  levels_[level].tree.append(hash);
  if (levels_[level].hashes.size() < kTileWidth) return {};
  if (auto written = write(level); !written) return written;
  const Hash root = std::exchange(levels_[level].tree, Frontier()).root();
  levels_[level].hashes.clear();
  ++levels_[level].tiles;
  if (level == 0) full_ = root;
  return push(level + 1, root);
}

std::uint64_t TileWriter::size() const {
  return levels_.empty() ? 0 : kTileWidth * levels_[0].tiles + levels_[0].hashes.size();
}

Hash TileWriter::root() const {
  std::optional<Hash> root;
  for (const Level& level : levels_) {
    if (level.hashes.empty()) continue;
    root = root ? level.tree.root_with(*root) : level.tree.root();
  }
  return root ? *root : empty_root();
}

Hash TileWriter::last_tile_root() const {
  BLO_CHECK(!levels_.empty());
  return levels_[0].hashes.empty() ? full_ : levels_[0].tree.root();
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
