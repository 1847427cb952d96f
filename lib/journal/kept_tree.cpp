#include "journal/kept_tree.h"

#include "journal/export_layout.h"

namespace blo::journal {
namespace {

Error changed(const std::string& place) {
  return Error(JournalError::kRootMismatch, place)
      .within("the export changed while it was being read");
}

Hash tile_root(const std::vector<Hash>& hashes) {
  Frontier tile;
  for (const Hash& hash : hashes) tile.append(hash);
  return tile.root();
}

}  // namespace

std::vector<ByteView> split_bundle(ByteView bundle, std::uint64_t count, ByteView& rest) {
  std::vector<ByteView> leaves;
  leaves.reserve(std::min(count, kTileWidth));
  for (rest = bundle; leaves.size() < count && rest.size() >= sizeof(std::uint16_t);) {
    const std::size_t length = read_be<std::uint16_t>(rest);
    const ByteView from = rest.subspan(sizeof(std::uint16_t));
    if (from.size() < length) break;
    leaves.push_back(from.first(length));
    rest = from.subspan(length);
  }
  return leaves;
}

KeptTree::KeptTree(const ExportFiles& files, std::string folder)
    : files_(files), folder_(std::move(folder)), writer_(folder_, {}) {}

void KeptTree::begin(std::uint64_t size, FileSink sink) {
  expected_ = size;
  writer_ = TileWriter(folder_, std::move(sink));
}

void KeptTree::append(const Hash& leaf) {
  BLO_CHECK(writer_.append(leaf).has_value());
  if (size() % kTileWidth == 0) tiles_.push_back(writer_.last_tile_root());
}

void KeptTree::finish() { BLO_CHECK(writer_.finish().has_value()); }

std::uint64_t KeptTree::width(std::uint64_t tile) const {
  return tile < tiles_.size() ? kTileWidth : size() % kTileWidth;
}

bool KeptTree::is_kept(std::uint64_t tile, const std::vector<Hash>& hashes) const {
  return hashes.size() == width(tile) &&
         tile_root(hashes) == (tile < tiles_.size() ? tiles_[tile] : writer_.last_tile_root());
}

std::string KeptTree::bundle_path(std::uint64_t tile) const {
  return folder_ + "/tile/entries/" + tile_path(tile, tile_width(expected_, 0, tile));
}

std::uint64_t KeptTree::bundles() const { return (size() + kTileWidth - 1) / kTileWidth; }

Result<KeptTree::Bundle> KeptTree::open_bundle(std::uint64_t tile) const {
  auto bytes = files_.read(bundle_path(tile), kBundleBytesMax);
  if (!bytes) return changed(bundle_path(tile));
  Bundle bundle{std::move(*bytes), {}, {}};
  ByteView rest;
  bundle.leaves = split_bundle(bundle.bytes, width(tile), rest);
  bundle.hashes.resize(bundle.leaves.size());
  return bundle;
}

void KeptTree::hash(Bundle& bundle, std::size_t i) {
  bundle.hashes[i] = journal::leaf_hash(bundle.leaves[i]);
}

Result<void> KeptTree::check_bundle(std::uint64_t tile, const Bundle& bundle) const {
  if (!is_kept(tile, bundle.hashes)) return changed(bundle_path(tile));
  return {};
}

Result<KeptTree::Bundle> KeptTree::read_bundle(std::uint64_t tile) const {
  auto bundle = open_bundle(tile);
  if (!bundle) return bundle;
  for (std::size_t i = 0; i < bundle->leaves.size(); ++i) hash(*bundle, i);
  if (const auto checked = check_bundle(tile, *bundle); !checked) return checked.error();
  return bundle;
}

/// From the tile's own file, which is shorter than the bundle; one that differs from the entries is
/// no error here.
std::optional<std::vector<Hash>> KeptTree::read_tile(std::uint64_t tile) const {
  const std::string path = folder_ + "/tile/0/" + tile_path(tile, tile_width(expected_, 0, tile));
  const auto bytes = files_.read(path, kTileWidth * sizeof(Hash));
  if (!bytes || bytes->size() < width(tile) * sizeof(Hash)) return std::nullopt;
  std::vector<Hash> hashes(width(tile));
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    BLO_CHECK(copy_exact(ByteView(*bytes).subspan(i * sizeof(Hash), sizeof(Hash)), hashes[i]));
  }
  if (!is_kept(tile, hashes)) return std::nullopt;
  return hashes;
}

Result<void> KeptTree::load(std::uint64_t tile) {
  if (loaded_ == tile) return {};
  if (auto hashes = read_tile(tile)) {
    hashes_ = std::move(*hashes);
  } else {
    auto bundle = read_bundle(tile);
    if (!bundle) return bundle.error();
    hashes_ = std::move(bundle->hashes);
  }
  loaded_ = tile;
  return {};
}

Result<Hash> KeptTree::leaf_hash(std::uint64_t index) {
  BLO_CHECK(index < size());
  if (auto loaded = load(index / kTileWidth); !loaded) return loaded.error();
  return hashes_[index % kTileWidth];
}

Result<Bytes> KeptTree::leaf(std::uint64_t index) {
  BLO_CHECK(index < size());
  const auto bundle = read_bundle(index / kTileWidth);
  if (!bundle) return bundle.error();
  return to_bytes(bundle->leaves[index % kTileWidth]);
}

Result<void> KeptTree::read_leaves(const LeafSink& sink) {
  std::uint64_t index = 0;
  for (std::uint64_t tile = 0; tile < bundles(); ++tile) {
    const auto bundle = read_bundle(tile);
    if (!bundle) return bundle.error();
    for (const ByteView leaf : bundle->leaves) sink(index++, leaf);
  }
  return {};
}

Result<void> KeptTree::read_hashes(std::uint64_t begin, std::uint64_t end, const HashSink& sink) {
  BLO_CHECK(end <= size());
  for (std::uint64_t index = begin; index < end; ++index) {
    if (auto loaded = load(index / kTileWidth); !loaded) return loaded;
    sink(hashes_[index % kTileWidth]);
  }
  return {};
}

Result<Hash> KeptRoots::at(std::uint64_t size) {
  while (kTileWidth * (high_.size() + 1) <= size) {
    high_.append(tree_.tiles_[high_.size()]);
    low_ = Frontier();
  }
  const std::uint64_t before = kTileWidth * high_.size();
  const auto read = tree_.read_hashes(before + low_.size(), size,
                                      [this](const Hash& leaf) { low_.append(leaf); });
  if (!read) return read.error();
  return low_.size() == 0 ? high_.root() : high_.root_with(low_.root());
}

}  // namespace blo::journal
