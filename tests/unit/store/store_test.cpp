#include "store/store.h"

#include "store/schema.h"
#include "world.h"

namespace blo::store {
namespace {

using test::Folder;
using test::open;

void change(const Folder& folder, const char* sql) {
  const auto database = Database::open(folder.file()).value();
  REQUIRE(database->execute(sql).has_value());
}

}  // namespace

TEST_CASE("a new store is made and opens again") {
  const Folder folder;
  REQUIRE(open(folder.file()).has_value());
  const auto store = open(folder.file());
  REQUIRE(store.has_value());
  CHECK((*store)->pairings().all().value().empty());
  CHECK((*store)->officers().all().value().empty());
  CHECK((*store)->officers().next_person().value() == 1);
  const auto mode = std::filesystem::status(folder.file()).permissions();
  CHECK((mode & std::filesystem::perms::all) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("a store opens for its own office and network and store key only") {
  const Folder folder;
  REQUIRE(open(folder.file()).has_value());
  const auto path = folder.file();
  const auto id = test::office("UZ-OYBEK");
  const auto error = [&](const OfficeId& office, Network network, Byte store_key) {
    return Store::open(path, office, network, test::key(store_key)).error();
  };
  CHECK(error(id, Network::kExercise, 2) == StoreError::kForeign);
  CHECK(error(id, Network::kLive, 1) == StoreError::kForeign);
  CHECK(error(test::office("UZ-TERMEZ"), Network::kExercise, 1) == StoreError::kForeign);
  CHECK(open(path).has_value());
}

TEST_CASE("a store in memory goes on from another one's image, and neither sees the other") {
  const auto id = test::office("UZ-OYBEK");
  const auto open = [&](ByteView image, Byte store_key = 1) {
    return Store::in_memory(image, id, Network::kExercise, test::key(store_key));
  };
  const auto note = [](Store& store, WallTime signed_at) {
    auto transaction = store.begin().value();
    REQUIRE(store.note_given_back(signed_at).has_value());
    REQUIRE(transaction.commit().has_value());
  };
  const WallTime before{seconds(1'000)};
  const WallTime after{seconds(2'000)};
  const auto first = open({}).value();
  CHECK(first->given_back().value() == std::nullopt);
  note(*first, before);
  const Bytes image = first->image().value();
  const auto second = open(image).value();
  CHECK(second->given_back().value() == before);
  note(*second, after);
  CHECK(second->tidy().has_value());
  CHECK(second->wipe_leftovers().has_value());
  CHECK(first->given_back().value() == before);
  CHECK(open(second->image().value()).value()->given_back().value() == after);
  CHECK(open(image, 2).error() == StoreError::kForeign);
  CHECK(open(Bytes(4'096, 7)).error() == StoreError::kCorrupt);
}

TEST_CASE("a second opening is locked out") {
  const Folder folder;
  const auto store = open(folder.file());
  REQUIRE(store.has_value());
  CHECK(open(folder.file()).error() == StoreError::kLocked);
}

TEST_CASE("a store of a newer version is left alone") {
  const Folder folder;
  REQUIRE(open(folder.file()).has_value());
  change(folder, "PRAGMA user_version=200");
  const auto opened = open(folder.file());
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error() == StoreError::kNewerSchema);
  CHECK(opened.error().message().find("schema 200,") != std::string::npos);
}

TEST_CASE("files that are no store are damage and never a beginning") {
  const Folder folder;
  const std::string wal = folder.file().string() + "-wal";
  SECTION("an empty file") { CHECK(test::write_text(folder.file(), "")); }
  SECTION("garbage") { CHECK(test::write_text(folder.file(), std::string(9000, 'x'))); }
  SECTION("a text") { CHECK(test::write_text(folder.file(), "not a store\n")); }
  SECTION("another program's database") { change(folder, "CREATE TABLE theirs(a)"); }
  SECTION("another program's marked database") { change(folder, "PRAGMA application_id=77"); }
  SECTION("a write-ahead log whose database is gone") {
    CHECK(test::write_text(wal, "what was committed last"));
  }
  SECTION("a store cut short") {
    REQUIRE(open(folder.file()).has_value());
    std::filesystem::resize_file(folder.file(), std::filesystem::file_size(folder.file()) / 2);
  }
  SECTION("a store that says of nobody whose it is") {
    REQUIRE(open(folder.file()).has_value());
    change(folder, "DELETE FROM meta");
  }
  const auto opened = open(folder.file());
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error() == StoreError::kCorrupt);
  const auto again = open(folder.file());
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error() == StoreError::kCorrupt);
}

TEST_CASE("a store in a folder that is not there fails") {
  const Folder folder;
  CHECK(open(folder.file().parent_path() / "nowhere" / "store.db").error() == StoreError::kFailed);
}

TEST_CASE("a migration that is done already changes nothing") {
  const Folder folder;
  const auto database = Database::open(folder.file()).value();
  REQUIRE(migrate(*database).has_value());
  REQUIRE(database->execute("INSERT INTO meta(name, value) VALUES('x', x'00')").has_value());
  REQUIRE(migrate(*database).has_value());
  Statement count = database->prepare("SELECT count(*) FROM meta");
  REQUIRE(count.step().value());
  CHECK(count.integer(0) == 1);
}

TEST_CASE("what was erased before a kill is in no file of the store once it was opened again") {
  const Folder folder;
  const Folder killed;
  const std::string in_database = "PLANTED body that had reached the database";
  std::string in_log = "PLANTED body that had not, of several pages";
  in_log.resize(20'000, '.');
  const auto left = [](const Folder& of, const std::string& text) {
    for (const auto& file : std::filesystem::directory_iterator(of.file().parent_path())) {
      const Bytes bytes = read_file(file.path(), 1U << 24U).value();
      if (as_text(bytes).find(text.substr(0, 40)) != std::string_view::npos) return true;
    }
    return false;
  };
  {
    test::Rows rows(folder.file());
    auto row = rows.make_journal();
    for (const char* leaf : {"one", "two"}) REQUIRE(rows.append(row, leaf).has_value());
    REQUIRE(rows.journals.put_body(row, 0, as_bytes(in_database), test::key(20)).has_value());
    REQUIRE(rows.journals.save(row).has_value());
    REQUIRE(rows.store->wipe_leftovers().has_value());
    REQUIRE(rows.journals.put_body(row, 1, as_bytes(in_log), test::key(21)).has_value());
    for (const std::uint64_t index : {0U, 1U})
      REQUIRE(rows.journals.erase_body(row, index).has_value());
    std::filesystem::copy(folder.file().parent_path(), killed.file().parent_path(),
                          std::filesystem::copy_options::recursive);
  }
  REQUIRE(left(killed, in_database));
  REQUIRE(left(killed, in_log));
  const auto store = open(killed.file());
  REQUIRE(store.has_value());
  CHECK_FALSE(left(killed, in_database));
  CHECK_FALSE(left(killed, in_log));
}

TEST_CASE("keys derived from the store key differ by their use") {
  const Folder folder;
  const auto store = open(folder.file()).value();
  CHECK(store->derived_key("import") == store->derived_key("import"));
  CHECK_FALSE(store->derived_key("import") == store->derived_key("other"));
}

}  // namespace blo::store
