// A folder for store files, an office's keys, and rows to put into a store.
#ifndef BLO_TESTS_UNIT_STORE_WORLD_H
#define BLO_TESTS_UNIT_STORE_WORLD_H

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "base/file.h"
#include "crypto/random.h"
#include "store/store.h"

namespace blo::store::test {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "blo-store-XXXXXX").string();
    BLO_CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::filesystem::path file() const { return path_ / "store.db"; }

 private:
  std::filesystem::path path_;
};

inline OfficeId office(std::string_view text) { return OfficeId::parse(text).value(); }
inline crypto::Key key(Byte fill) { return crypto::Key(ByteView(Bytes(32, fill))); }

inline Origin origin(std::uint32_t generation = 1) {
  return {Network::kExercise, office("UZ-OYBEK"), office("TJ-FOTEHOBOD"), generation};
}

inline Result<std::unique_ptr<Store>> open(const std::filesystem::path& path) {
  return Store::open(path, office("UZ-OYBEK"), Network::kExercise, key(1));
}

[[nodiscard]] inline bool write_text(const std::filesystem::path& path, std::string_view text) {
  return (std::ofstream(path, std::ios::binary) << text).good();
}

/// A database with all tables and a pairing, for the stores of rows.
struct Rows {
  explicit Rows(const std::filesystem::path& path)
      : store(open(path).value()), journals(store->journals()) {
    const auto known = store->pairings().all().value();
    pairing = known.empty() ? store->pairings()
                                  .create(office("TJ-FOTEHOBOD"), as_bytes("our file"),
                                          crypto::DhKeyPair::generate())
                                  .value()
                                  .id
                            : known.front().id;
  }
  [[nodiscard]] JournalRow make_journal(std::uint32_t generation = 1) {
    const auto seed = key(9);
    return journals.create(pairing, origin(generation), true, as_bytes("certificate"), &seed)
        .value();
  }
  /// A leaf that says `text`, with these facts.
  Result<void> append(JournalRow& row, const std::string& text, const EntryFacts& facts = {}) {
    return journals.append(row, as_bytes(text), journal::leaf_hash(as_bytes(text)), facts, nullptr);
  }

  std::unique_ptr<Store> store;
  JournalStore& journals;
  std::int64_t pairing = 0;
};

}  // namespace blo::store::test

#endif
