#include "store/draft_store.h"

#include "world.h"

namespace blo::store {
namespace {

using test::Folder;
using test::Rows;

DraftRow draft(const Rows& rows, Byte number) {
  DraftRow draft;
  draft.pairing = rows.pairing;
  draft.drafted = from_unix_ms(1'704'067'200'000);
  draft.person = 7;
  draft.message_id = {number};
  draft.envelope = to_bytes("envelope");
  draft.signature[0] = number;
  draft.import_key = Bytes(32, number);
  return draft;
}

}  // namespace

TEST_CASE("a draft comes back as it was put and its number is never given again") {
  const Folder folder;
  {
    Rows rows(folder.file());
    auto first = draft(rows, 1);
    REQUIRE(rows.store->drafts().put(first, as_bytes("sealed"), test::key(5)).has_value());
    CHECK(first.id == 1);
    REQUIRE(rows.store->drafts().remove(first).has_value());
    auto second = draft(rows, 2);
    REQUIRE(rows.store->drafts().put(second, as_bytes("sealed"), test::key(5)).has_value());
    CHECK(second.id == 2);
  }
  Rows rows(folder.file());
  auto& drafts = rows.store->drafts();
  CHECK_FALSE(drafts.find(1).value().has_value());
  const auto found = drafts.find(2).value();
  REQUIRE(found.has_value());
  CHECK(found->pairing == rows.pairing);
  CHECK(found->person == 7);
  CHECK(found->envelope == to_bytes("envelope"));
  CHECK(found->signature == draft(rows, 2).signature);
  CHECK(found->import_key == Bytes(32, 2));
  CHECK_FALSE(found->rejected.has_value());
  CHECK(drafts.find_message({2}).value()->id == 2);
  CHECK(drafts.find_imported(Bytes(32, 2)).value()->id == 2);
  CHECK_FALSE(drafts.find_imported(Bytes(32, 1)).value().has_value());
  const auto body = drafts.body(*found).value();
  CHECK(body.sealed == to_bytes("sealed"));
  REQUIRE(body.content_key.has_value());
  CHECK(to_bytes(body.content_key->view()) == Bytes(32, 5));
}

TEST_CASE("a message id is drafted once") {
  const Folder folder;
  Rows rows(folder.file());
  auto first = draft(rows, 1);
  auto same = draft(rows, 1);
  REQUIRE(rows.store->drafts().put(first, as_bytes("sealed"), test::key(5)).has_value());
  CHECK(rows.store->drafts().put(same, as_bytes("sealed"), test::key(5)).error() ==
        StoreError::kConstraint);
}

TEST_CASE("a rejected draft keeps its reason and loses its content") {
  const Folder folder;
  Rows rows(folder.file());
  auto& drafts = rows.store->drafts();
  auto one = draft(rows, 1);
  auto two = draft(rows, 2);
  REQUIRE(drafts.put(one, as_bytes("sealed"), test::key(5)).has_value());
  REQUIRE(drafts.put(two, as_bytes("sealed"), test::key(6)).has_value());
  CHECK(drafts.waiting().value() == 2);
  const WallTime time = from_unix_ms(1'704'067'300'000);
  REQUIRE(drafts.reject(one, {time, 8, "the plate is wrong"}).has_value());
  CHECK(drafts.waiting().value() == 1);
  const auto found = drafts.find(one.id).value();
  REQUIRE(found->rejected.has_value());
  CHECK(found->rejected->reason == "the plate is wrong");
  CHECK(found->rejected->person == 8);
  CHECK(found->rejected->time == time);
  const auto body = drafts.body(*found).value();
  CHECK(body.sealed.empty());
  CHECK_FALSE(body.content_key.has_value());

  REQUIRE(drafts.remove_rejected_before(time).has_value());
  CHECK(drafts.list(WallTime(), {}).value().size() == 2);
  REQUIRE(drafts.remove_rejected_before(time + milliseconds(1)).has_value());
  const auto left = drafts.list(WallTime(), {}).value();
  REQUIRE(left.size() == 1);
  CHECK(left.front().id == two.id);
}

TEST_CASE("the key of a draft opens no other draft") {
  const Folder folder;
  {
    Rows rows(folder.file());
    auto one = draft(rows, 1);
    auto two = draft(rows, 2);
    REQUIRE(rows.store->drafts().put(one, as_bytes("first"), test::key(5)).has_value());
    REQUIRE(rows.store->drafts().put(two, as_bytes("second"), test::key(6)).has_value());
  }
  {
    const auto database = Database::open(folder.file()).value();
    REQUIRE(database
                ->execute("UPDATE draft SET wrapped_key = (SELECT wrapped_key FROM draft WHERE id "
                          "= 1)")
                .has_value());
  }
  Rows rows(folder.file());
  auto& drafts = rows.store->drafts();
  CHECK(drafts.body(*drafts.find(1).value()).has_value());
  CHECK(drafts.body(*drafts.find(2).value()).error() == StoreError::kCorrupt);
}

}  // namespace blo::store
