// A journal's tree as it was verified, in little memory: one hash for 256 entries is kept, and what
// lies below it is read from the export again and believed only if it still hashes to that.
#ifndef BLO_JOURNAL_KEPT_TREE_H
#define BLO_JOURNAL_KEPT_TREE_H

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "journal/export_files.h"
#include "journal/tiles.h"

namespace blo::journal {

/// The entries of one bundle as they lie in its bytes, which outlive them; fewer than `count` where
/// the bundle ends too early. What is left of the bundle goes to `rest`.
[[nodiscard]] std::vector<ByteView> split_bundle(ByteView bundle, std::uint64_t count,
                                                 ByteView& rest);

/// Leaves of up to 65,535 bytes can lie under a checkpoint; those over our limit are judged, too.
inline constexpr std::size_t kBundleBytesMax = kTileWidth * (sizeof(std::uint16_t) + UINT16_MAX);

/// 1 MiB for 8 million entries. Every error means that the export changed while it was being read,
/// or can no longer be read: the check cannot be completed.
class KeptTree {
 public:
  /// `files` outlives the tree; `folder` is the journal's.
  KeptTree(const ExportFiles& files, std::string folder);

  /// The size that the checkpoint names, which decides the files' names, and who is handed each
  /// tile that the entries give. `sink` never fails.
  void begin(std::uint64_t size, FileSink sink);
  void append(const Hash& leaf);
  /// After the last entry of a tree of that size.
  void finish();
  [[nodiscard]] std::uint64_t size() const { return writer_.size(); }
  [[nodiscard]] Hash root() const { return writer_.root(); }

  /// Needs index < size().
  [[nodiscard]] Result<Hash> leaf_hash(std::uint64_t index);
  [[nodiscard]] Result<Bytes> leaf(std::uint64_t index);
  /// Every leaf in order.
  using LeafSink = std::function<void(std::uint64_t index, ByteView leaf)>;
  [[nodiscard]] Result<void> read_leaves(const LeafSink& sink);

  /// How many bundles the leaves are in.
  [[nodiscard]] std::uint64_t bundles() const;
  struct Bundle {
    Bytes bytes;
    std::vector<ByteView> leaves;
    std::vector<Hash> hashes;  // of the leaves: zero until hash() took each
  };
  /// In three steps, so that the second can be spread over threads: what lies in the files, the
  /// hash of each leaf, and whether those are what was verified.
  [[nodiscard]] Result<Bundle> open_bundle(std::uint64_t tile) const;
  static void hash(Bundle& bundle, std::size_t i);
  [[nodiscard]] Result<void> check_bundle(std::uint64_t tile, const Bundle& bundle) const;

  /// Every leaf's hash in order, up to `end` (at most size()), from `begin`.
  using HashSink = std::function<void(const Hash& leaf)>;
  [[nodiscard]] Result<void> read_hashes(std::uint64_t begin, std::uint64_t end,
                                         const HashSink& sink);

 private:
  friend class KeptRoots;

  [[nodiscard]] std::uint64_t width(std::uint64_t tile) const;
  [[nodiscard]] std::string bundle_path(std::uint64_t tile) const;
  [[nodiscard]] bool is_kept(std::uint64_t tile, const std::vector<Hash>& hashes) const;
  Result<Bundle> read_bundle(std::uint64_t tile) const;
  std::optional<std::vector<Hash>> read_tile(std::uint64_t tile) const;
  Result<void> load(std::uint64_t tile);

  const ExportFiles& files_;
  std::string folder_;
  std::uint64_t expected_ = 0;
  TileWriter writer_;
  std::vector<Hash> tiles_;  // the roots of those that are full
  std::uint64_t loaded_ = UINT64_MAX;
  std::vector<Hash> hashes_;  // of the tile that is loaded
};

/// The roots a kept tree had at sizes that never decrease.
class KeptRoots {
 public:
  explicit KeptRoots(KeptTree& tree) : tree_(tree) {}
  /// Needs size <= the tree's, and not below the one before.
  [[nodiscard]] Result<Hash> at(std::uint64_t size);

 private:
  KeptTree& tree_;
  Frontier high_;
  Frontier low_;
};

}  // namespace blo::journal

#endif
