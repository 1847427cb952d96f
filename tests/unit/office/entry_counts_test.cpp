#include "office/entry_counts.h"

#include <catch2/catch.hpp>

#include "../../sim/world.h"

namespace blo::office {
namespace {

TEST_CASE("what an hour brought is counted each way, and no more is said of it") {
  sim::World world;
  world.connect();
  world.run();
  const auto before = count_entries(*world.a.office);
  const auto before_at_b = count_entries(*world.b.office);
  world.a.say("a van");
  world.a.say("another van");
  world.b.say("a lorry");
  const auto sent = between(before, count_entries(*world.a.office));
  CHECK(sent.accepted == 3);  // with the certificate of who said it
  CHECK(sent.receipted == 0);
  world.run();
  const auto exchanged = between(before, count_entries(*world.a.office));
  const auto at_b = between(before_at_b, count_entries(*world.b.office));
  CHECK(exchanged.accepted >= 2);  // and what the offices themselves entered
  CHECK(exchanged.receipted == exchanged.accepted);
  CHECK(at_b.received == exchanged.accepted);
  CHECK(at_b.accepted >= 1);
  CHECK(at_b.accepted == exchanged.received);
  CHECK(exchanged.refused == 0);
  CHECK(to_text(EntryCounts{2, 1, 3, 0}) == "accepted 2, received 1, receipted 3, refused 0");
  CHECK(between(exchanged, {}) == EntryCounts{});
}

TEST_CASE("what is refused is counted where it is refused") {
  sim::World world;
  world.connect();
  world.run();
  const auto before = count_entries(*world.b.office);
  const auto before_at_a = count_entries(*world.a.office);
  {
    auto& store = world.a.office->store();
    auto& row = world.a.pair().sent->row;
    const Bytes leaf = to_bytes("no entry");
    auto transaction = store.begin().value();
    REQUIRE(store.journals()
                .append(row, leaf, journal::leaf_hash(leaf), {1, {}, {}}, nullptr)
                .has_value());
    REQUIRE(store.journals().save(row).has_value());
    REQUIRE(transaction.commit().has_value());
  }
  world.a.say("what follows");
  world.run();
  const auto at_b = between(before, count_entries(*world.b.office));
  const auto at_a = between(before_at_a, count_entries(*world.a.office));
  CHECK(at_b.refused == 1);
  CHECK(at_b.received == at_a.accepted);
  CHECK(at_a.refused == 0);
  CHECK(at_a.receipted == at_a.accepted);
}

}  // namespace
}  // namespace blo::office
