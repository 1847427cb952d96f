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

TEST_CASE("a second opening is locked out") {
  const Folder folder;
  const auto store = open(folder.file());
  REQUIRE(store.has_value());
  CHECK(open(folder.file()).error() == StoreError::kLocked);
}

TEST_CASE("a store of a newer version is left alone") {
  const Folder folder;
  REQUIRE(open(folder.file()).has_value());
  change(folder, "PRAGMA user_version=1000");
  const auto opened = open(folder.file());
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error() == StoreError::kNewerSchema);
  CHECK(opened.error().message().find("1000") != std::string::npos);
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

TEST_CASE("keys derived from the store key differ by their use") {
  const Folder folder;
  const auto store = open(folder.file()).value();
  CHECK(store->derived_key("import") == store->derived_key("import"));
  CHECK_FALSE(store->derived_key("import") == store->derived_key("other"));
}

}  // namespace blo::store
