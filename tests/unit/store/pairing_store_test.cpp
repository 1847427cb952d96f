#include "store/pairing_store.h"

#include "world.h"

namespace blo::store {
namespace {

using test::Folder;
using test::office;

const WallTime kTime = from_unix_ms(1'709'788'329'000);

}  // namespace

TEST_CASE("a pairing goes from invited to confirmed and its secrets are kept wrapped") {
  const Folder folder;
  const auto one_time = crypto::DhKeyPair::generate();
  {
    const auto store = test::open(folder.file()).value();
    auto& pairings = store->pairings();
    auto row = pairings.create(office("TJ-FOTEHOBOD"), as_bytes("ours"), one_time).value();
    CHECK(row.state == PairingState::kInvited);
    CHECK(pairings.one_time_key(row).value().public_key == one_time.public_key);
    CHECK(pairings.secret(row).error() == StoreError::kNotFound);

    REQUIRE(pairings.accept(row, as_bytes("theirs"), test::key(5), kTime).has_value());
    CHECK(row.state == PairingState::kAccepted);
    CHECK(pairings.one_time_key(row).error() == StoreError::kNotFound);  // destroyed
    REQUIRE(pairings.confirm(row, kTime, 7, "by telephone with F. Rahimov").has_value());
  }
  const auto store = test::open(folder.file()).value();
  const auto rows = store->pairings().all().value();
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].counterpart == office("TJ-FOTEHOBOD"));
  CHECK(rows[0].state == PairingState::kConfirmed);
  CHECK(rows[0].confirmed == kTime);
  CHECK(rows[0].confirmed_person == 7);
  CHECK(rows[0].confirmed_how == "by telephone with F. Rahimov");
  CHECK(rows[0].our_file == to_bytes("ours"));
  CHECK(rows[0].their_file == to_bytes("theirs"));
  CHECK(store->pairings().secret(rows[0]).value() == test::key(5));
}

TEST_CASE("a counterpart is paired with once") {
  const Folder folder;
  const auto store = test::open(folder.file()).value();
  const auto one_time = crypto::DhKeyPair::generate();
  auto& pairings = store->pairings();
  REQUIRE(pairings.create(office("TJ-FOTEHOBOD"), as_bytes("ours"), one_time).has_value());
  CHECK(pairings.create(office("TJ-FOTEHOBOD"), as_bytes("ours"), one_time).error() ==
        StoreError::kConstraint);
  CHECK(pairings.create(office("KG-KARAMYK"), as_bytes("ours"), one_time).has_value());
}

TEST_CASE("a pairing's secret moved to another pairing does not open") {
  const Folder folder;
  {
    const auto store = test::open(folder.file()).value();
    for (const char* name : {"TJ-FOTEHOBOD", "KG-KARAMYK"}) {
      auto row = store->pairings()
                     .create(office(name), as_bytes("ours"), crypto::DhKeyPair::generate())
                     .value();
      REQUIRE(store->pairings().accept(row, as_bytes("theirs"), test::key(5), kTime).has_value());
    }
  }
  {
    const auto database = Database::open(folder.file()).value();
    REQUIRE(database
                ->execute("UPDATE pairing SET wrapped_secret = (SELECT wrapped_secret FROM pairing "
                          "ORDER BY id LIMIT 1)")
                .has_value());
  }
  const auto store = test::open(folder.file()).value();
  const auto rows = store->pairings().all().value();
  CHECK(store->pairings().secret(rows[0]).has_value());
  CHECK(store->pairings().secret(rows[1]).error() == StoreError::kForeign);
}

TEST_CASE("a frozen pairing says why after a reopening") {
  const Folder folder;
  {
    const auto store = test::open(folder.file()).value();
    auto row = store->pairings()
                   .create(office("TJ-FOTEHOBOD"), as_bytes("ours"), crypto::DhKeyPair::generate())
                   .value();
    REQUIRE(store->pairings()
                .freeze(row, "two heads contradict", "both heads", Recovery::kNone)
                .has_value());
    CHECK(row.state == PairingState::kFrozen);
  }
  const auto store = test::open(folder.file()).value();
  const auto row = store->pairings().all().value().front();
  CHECK(row.state == PairingState::kFrozen);
  CHECK(row.frozen_why == "two heads contradict");
}

TEST_CASE("a pairing frozen by hand and confirmed again forgets the reason") {
  const Folder folder;
  const auto reopened = [&] { return test::open(folder.file()).value(); };
  {
    const auto store = reopened();
    auto& pairings = store->pairings();
    auto row =
        pairings.create(office("TJ-FOTEHOBOD"), as_bytes("ours"), crypto::DhKeyPair::generate())
            .value();
    REQUIRE(pairings.accept(row, as_bytes("theirs"), test::key(5), kTime).has_value());
    REQUIRE(pairings.confirm(row, kTime, 0, "by telephone").has_value());
    REQUIRE(pairings.freeze_by_hand(row, "a key may be stolen").has_value());
  }
  {
    const auto store = reopened();
    auto row = store->pairings().all().value().front();
    CHECK(row.state == PairingState::kFrozen);
    CHECK(row.why == "a key may be stolen");
    CHECK(row.frozen_why.empty());
    REQUIRE(store->pairings().confirm(row, kTime, 0, "in person").has_value());
  }
  const auto row = reopened()->pairings().all().value().front();
  CHECK(row.state == PairingState::kConfirmed);
  CHECK(row.why.empty());
  CHECK(row.confirmed_how == "in person");
}

TEST_CASE("an ended pairing keeps the reason and no secret") {
  const Folder folder;
  const auto store = test::open(folder.file()).value();
  auto& pairings = store->pairings();
  auto row =
      pairings.create(office("TJ-FOTEHOBOD"), as_bytes("ours"), crypto::DhKeyPair::generate())
          .value();
  REQUIRE(pairings.accept(row, as_bytes("theirs"), test::key(5), kTime).has_value());
  REQUIRE(pairings.put_next_secret(row, test::key(6)).has_value());
  REQUIRE(pairings.promote_secret(row, test::key(6), kTime).has_value());
  REQUIRE(pairings.put_next_secret(row, test::key(7)).has_value());
  REQUIRE(pairings.end(row, "the post was closed").has_value());
  row = pairings.all().value().front();
  CHECK(row.state == PairingState::kEnded);
  CHECK(row.why == "the post was closed");
  CHECK(pairings.secret(row).error() == StoreError::kNotFound);
  CHECK_FALSE(pairings.next_secret(row).value());
}

TEST_CASE("a next secret takes the place of the current one, or is dropped") {
  const Folder folder;
  const auto store = test::open(folder.file()).value();
  auto& pairings = store->pairings();
  auto row =
      pairings.create(office("TJ-FOTEHOBOD"), as_bytes("ours"), crypto::DhKeyPair::generate())
          .value();
  REQUIRE(pairings.accept(row, as_bytes("theirs"), test::key(5), kTime).has_value());
  CHECK(pairings.all().value().front().secret_since == kTime);
  REQUIRE(pairings.put_next_secret(row, test::key(6)).has_value());
  CHECK(pairings.secret(row).value() == test::key(5));
  CHECK(pairings.next_secret(row).value() == test::key(6));
  REQUIRE(pairings.promote_secret(row, test::key(6), kTime + seconds(1)).has_value());
  CHECK(pairings.secret(row).value() == test::key(6));
  CHECK_FALSE(pairings.next_secret(row).value());
  row = pairings.all().value().front();
  CHECK(row.secret_number == 2);
  CHECK(row.secret_since == kTime + seconds(1));
  REQUIRE(pairings.put_next_secret(row, test::key(7)).has_value());
  REQUIRE(pairings.drop_next_secret(row).has_value());
  CHECK_FALSE(pairings.next_secret(row).value());
  CHECK(pairings.secret(row).value() == test::key(6));
}

}  // namespace blo::store
