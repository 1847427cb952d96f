#include "world.h"

namespace blo::store {
namespace {

using test::Folder;
using test::Rows;

constexpr WallTime kNoon{seconds(1'709'812'800)};

}  // namespace

TEST_CASE("addresses of either source outlive a reopening apart from each other") {
  const Folder folder;
  {
    Rows rows(folder.file());
    AddressStore& addresses = rows.store->addresses();
    CHECK_FALSE(addresses.find(rows.pairing, AddressSource::kPerson).value());
    REQUIRE(addresses.put(rows.pairing, AddressSource::kPerson, {{"old:1"}, kNoon, 1}).has_value());
    REQUIRE(addresses
                .put(rows.pairing, AddressSource::kPerson,
                     {{"new.example:1", "[2001:db8::1]:2"}, kNoon + seconds(1), 2})
                .has_value());
    REQUIRE(addresses.put(rows.pairing, AddressSource::kCounterpart, {{}, kNoon, 0}).has_value());
  }
  Rows rows(folder.file());
  AddressStore& addresses = rows.store->addresses();
  const auto set = addresses.find(rows.pairing, AddressSource::kPerson).value();
  REQUIRE(set);
  CHECK(set->addresses == std::vector<std::string>{"new.example:1", "[2001:db8::1]:2"});
  CHECK(set->since == kNoon + seconds(1));
  CHECK(set->person == 2);
  const auto announced = addresses.find(rows.pairing, AddressSource::kCounterpart).value();
  REQUIRE(announced);
  CHECK(announced->addresses.empty());
  REQUIRE(addresses.forget(rows.pairing, AddressSource::kPerson).has_value());
  CHECK_FALSE(addresses.find(rows.pairing, AddressSource::kPerson).value());
  CHECK(addresses.find(rows.pairing, AddressSource::kCounterpart).value());
}

TEST_CASE("a pairing that is forgotten takes its addresses along") {
  const Folder folder;
  Rows rows(folder.file());
  REQUIRE(rows.store->addresses()
              .put(rows.pairing, AddressSource::kPerson, {{"a:1"}, kNoon, 1})
              .has_value());
  REQUIRE(rows.store->pairings().remove(rows.store->pairings().all().value().front()).has_value());
  CHECK_FALSE(rows.store->addresses().find(rows.pairing, AddressSource::kPerson).value());
}

TEST_CASE("what is no list of addresses in the store is damage") {
  for (const char* text : {" ", " a:1", "a:1  b:1", "a", "a:0", "a:1\nb:1"}) {
    INFO("'" << text << "'");
    const Folder folder;
    {
      Rows rows(folder.file());
      REQUIRE(rows.store->addresses()
                  .put(rows.pairing, AddressSource::kPerson, {{"a:1"}, kNoon, 1})
                  .has_value());
    }
    {
      const auto database = Database::open(folder.file()).value();
      Statement update = database->prepare("UPDATE address_list SET addresses = ?");
      REQUIRE(update.bind(std::string_view(text)).run().has_value());
    }
    Rows rows(folder.file());
    CHECK(rows.store->addresses().find(rows.pairing, AddressSource::kPerson).error() ==
          StoreError::kCorrupt);
  }
}

}  // namespace blo::store
