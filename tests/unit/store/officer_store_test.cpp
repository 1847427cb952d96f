#include "store/officer_store.h"

#include "../identity/world.h"
#include "world.h"

namespace blo::store {
namespace {

using test::Folder;

OfficerRow officer(std::uint64_t person, const std::string& key_name) {
  const auto side = identity::test::uz();
  auto details = identity::test::officer_details("UZ-OYBEK", side.office);
  details.person = person;
  details.keys.front().key = identity::test::signing_key(key_name).verify_key().bytes();
  return {person,
          identity::Certificate::issue(details, side.identity()),
          {"Dilshod Karimov", "Customs"},
          crypto::sha256(as_bytes("salt"))};
}

}  // namespace

TEST_CASE("officers are kept in the order in which they were certified with their names") {
  const Folder folder;
  {
    const auto store = test::open(folder.file()).value();
    REQUIRE(store->officers().put(officer(2, "second")).has_value());
    REQUIRE(store->officers().put(officer(1, "first")).has_value());
    CHECK(store->officers().next_person().value() == 3);
  }
  const auto store = test::open(folder.file()).value();
  const auto officers = store->officers().all().value();
  REQUIRE(officers.size() == 2);
  CHECK(officers[0].person == 2);
  CHECK(officers[0].certificate.fingerprint() == officer(2, "second").certificate.fingerprint());
  CHECK(officers[1].name.name == "Dilshod Karimov");
  CHECK(officers[1].name.agency == "Customs");
  CHECK(officers[1].name_salt == crypto::sha256(as_bytes("salt")));
}

TEST_CASE("a person has one certificate after another and each of them once") {
  const Folder folder;
  const auto store = test::open(folder.file()).value();
  REQUIRE(store->officers().put(officer(1, "first")).has_value());
  REQUIRE(store->officers().put(officer(1, "second")).has_value());
  CHECK(store->officers().put(officer(1, "second")).error() == StoreError::kConstraint);
  CHECK(store->officers().all().value().size() == 2);
  CHECK(store->officers().next_person().value() == 2);
}

TEST_CASE("a name moved to another officer is damage") {
  const Folder folder;
  {
    const auto store = test::open(folder.file()).value();
    REQUIRE(store->officers().put(officer(1, "first")).has_value());
    REQUIRE(store->officers().put(officer(2, "second")).has_value());
  }
  {
    const auto database = Database::open(folder.file()).value();
    REQUIRE(database
                ->execute("UPDATE officer SET wrapped_name = (SELECT wrapped_name FROM officer "
                          "WHERE person = 1)")
                .has_value());
  }
  const auto store = test::open(folder.file()).value();
  CHECK(store->officers().all().error() == StoreError::kCorrupt);
}

}  // namespace blo::store
