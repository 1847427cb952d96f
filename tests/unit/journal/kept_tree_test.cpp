#include "journal/kept_tree.h"

#include <catch2/catch.hpp>

#include <fstream>

#include "world.h"

namespace blo::journal {
namespace {

const std::string kJournal = "journal";

/// Leaves of a journal as its exporter lays them out, and the tree that a first reading kept.
struct Kept {
  explicit Kept(std::size_t size, std::uint64_t expected = 0) {
    TileWriter tiles(kJournal, folder.sink());
    tree.begin(expected == 0 ? size : expected,
               [](const std::string&, ByteView) { return Result<void>(); });
    Bytes bundle;
    for (std::size_t i = 0; i < size; ++i) {
      const Bytes leaf = to_bytes("leaf " + std::to_string(i));
      hashes.push_back(leaf_hash(leaf));
      tree.append(hashes.back());
      REQUIRE(tiles.append(hashes.back()).has_value());
      append_be(bundle, static_cast<std::uint16_t>(leaf.size()));
      append(bundle, leaf);
      if (i + 1 < size && (i + 1) % kTileWidth != 0) continue;
      const std::uint64_t number = i / kTileWidth;
      const std::uint64_t width = i % kTileWidth + 1;
      REQUIRE(folder.sink()(kJournal + "/tile/entries/" + tile_path(number, width), bundle)
                  .has_value());
      bundle.clear();
    }
    REQUIRE(tiles.finish().has_value());
  }
  void alter(const std::string& path) const {
    std::fstream file(folder.path() / kJournal / path, std::ios::in | std::ios::out);
    file.seekp(40);
    file.put('!');
  }
  [[nodiscard]] Hash root_of(std::size_t size) const {
    Frontier frontier;
    for (std::size_t i = 0; i < size; ++i) frontier.append(hashes[i]);
    return frontier.root();
  }

  TemporaryFolder folder;
  ExportFiles files = ExportFiles::open(folder.path()).value();
  KeptTree tree{files, kJournal};
  std::vector<Hash> hashes;
};

}  // namespace

TEST_CASE("a kept tree gives back what lies below it") {
  Kept kept(600);
  CHECK(kept.tree.size() == 600);
  CHECK(kept.tree.root() == kept.root_of(600));
  for (const std::uint64_t index : {0U, 255U, 256U, 511U, 512U, 599U, 3U}) {
    CHECK(kept.tree.leaf_hash(index).value() == kept.hashes[index]);
    CHECK(kept.tree.leaf(index).value() == to_bytes("leaf " + std::to_string(index)));
  }
  std::uint64_t seen = 0;
  const auto read = kept.tree.read_leaves([&](std::uint64_t index, ByteView leaf) {
    CHECK(index == seen++);
    CHECK(leaf_hash(leaf) == kept.hashes[index]);
  });
  CHECK(read.has_value());
  CHECK(seen == 600);
}

TEST_CASE("a kept tree knows the root it had at every size") {
  for (const std::size_t size : {1U, 255U, 256U, 257U, 600U}) {
    Kept kept(size);
    KeptRoots every(kept.tree);
    for (std::size_t at = 0; at <= size; ++at) REQUIRE(every.at(at).value() == kept.root_of(at));
    KeptRoots last(kept.tree);
    CHECK(last.at(size).value() == kept.root_of(size));
  }
}

TEST_CASE("a tile that differs does not matter while the entries are those first read") {
  Kept kept(600);
  kept.alter("tile/0/001");
  kept.alter("tile/0/002.p/88");
  CHECK(kept.tree.leaf_hash(300).value() == kept.hashes[300]);
  CHECK(kept.tree.leaf_hash(599).value() == kept.hashes[599]);
}

TEST_CASE("entries that changed since they were first read are an error") {
  Kept kept(600);
  for (const std::string number : {"001", "002.p/88"}) kept.alter("tile/entries/" + number);
  CHECK_FALSE(kept.tree.leaf(300).has_value());
  CHECK_FALSE(kept.tree.leaf(590).has_value());
  CHECK_FALSE(kept.tree.read_leaves([](std::uint64_t, ByteView) {}).has_value());
  CHECK(kept.tree.leaf_hash(300).has_value());
  kept.alter("tile/0/001");
  CHECK(kept.tree.leaf_hash(301).has_value());  // of the tile that was read last
  CHECK(kept.tree.leaf_hash(3).has_value());
  const auto changed = kept.tree.leaf_hash(300);
  REQUIRE_FALSE(changed.has_value());
  CHECK(changed.error().message().find("changed while it was being read") != std::string::npos);
}

TEST_CASE("a tree whose entries end before the checkpoint does is read as far as they go") {
  Kept kept(256, 300);
  CHECK(kept.tree.leaf_hash(255).value() == kept.hashes[255]);
}

}  // namespace blo::journal
