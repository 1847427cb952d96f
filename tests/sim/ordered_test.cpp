// What people order to be destroyed while an old store waits to be let go on is kept, and destroyed
// afterwards.
#include <catch2/catch.hpp>

#include "office/retention.h"
#include "old_store.h"

namespace blo::sim {
namespace {

using std::chrono::hours;

const office::RetentionRules kRules{{1, hours(1), "Act 12"}};

}  // namespace

TEST_CASE("what a person orders to be destroyed while the store is old is destroyed afterwards") {
  World world;
  const Said known = world.a.say("known to the old store");
  world.converge();
  const auto old = copy_of(world, world.a);
  const Said lost = world.a.say("lost by it");
  const Said held = world.b.say("kept for a court");
  world.converge();
  put_back_from_backup(world, world.a, old);
  auto& node = world.a;
  const Now later{node.now.wall + hours(2), node.now.steady};
  const auto order = [&] {
    return office::apply_retention(*node.office, kRules, 100, 7, later).value();
  };
  CHECK(order().erased == 0);
  CHECK(order().ordered.size() == 1);  // the same order again
  give_back(world, node);
  REQUIRE(office::place_hold(*node.office, held.number, "a court", 1, node.now).has_value());
  world.crash(node);
  const auto listed = office::preview_retention(*node.office, kRules, 100, node.now).value();
  REQUIRE(listed.ordered.size() == 1);
  CHECK(listed.ordered.front().person == 7);
  CHECK(listed.ordered.front().time == later.wall);
  node.hand_in(node.submission(alert("sent after the order")));

  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(node.now.wall));
  node.now.wall = later.wall;
  REQUIRE(node.office->clock().confirm({today, true}, node.now).has_value());
  go_on(node);
  CHECK(node.office->store().orders().of_pairing(node.pair().row.id).value().empty());
  CHECK((node.show(known.number).erased && node.show(lost.number).erased));
  CHECK_FALSE(node.show(held.number).erased);
  world.converge();
  CHECK((world.b.show(known.number).erased && world.b.show(lost.number).erased));
  const auto& by = world.b.show(known.number).erasures;
  REQUIRE(by.size() == 1);
  CHECK(by.front().person == 7);
  const auto& row = world.b.pair().received->row;
  // The two erasures come after it.
  CHECK(world.b.show(office::number_of(row, row.size() - 3)).content ==
        alert("sent after the order"));
  CHECK(row.refused == 0);
}

TEST_CASE(
    "an order given by a clock that ran ahead lets go of what is due when it is carried out") {
  World world;
  const Said young = world.a.say("its time is not over");
  world.converge();
  const auto old = copy_of(world, world.a);
  exchange(world, 1);
  put_back_from_backup(world, world.a, old);
  auto& node = world.a;
  const Now ahead{node.now.wall + hours(24 * 400), node.now.steady};
  REQUIRE(office::apply_retention(*node.office, kRules, 100, 7, ahead).has_value());
  give_back(world, node);
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(node.now.wall));
  REQUIRE(node.office->clock().confirm({today, true}, node.now).has_value());
  go_on(node);
  CHECK(node.office->store().orders().of_pairing(node.pair().row.id).value().empty());
  CHECK_FALSE(node.show(young.number).erased);
}

TEST_CASE("an order that was broken off is carried out with the next occasion") {
  World world;
  const Said gone = world.a.say("its time is over");
  world.converge();
  const auto old = copy_of(world, world.a);
  exchange(world, 1);
  put_back_from_backup(world, world.a, old);
  auto& node = world.a;
  const Now later{node.now.wall + hours(2), node.now.steady};
  REQUIRE(office::apply_retention(*node.office, kRules, 100, 0, later).has_value());
  give_back(world, node);
  const auto orders = node.office->store().orders().of_pairing(node.pair().row.id).value();
  REQUIRE(orders.size() == 1);
  REQUIRE(office::carry_out_orders(*node.office, node.pair(), node.now).has_value());
  CHECK_FALSE(node.show(gone.number).erased);  // frozen: it waits
  node.now.wall = later.wall;
  go_on(node);
  CHECK(node.show(gone.number).erased);
  // As if the office had been killed before it could strike the order off.
  auto transaction = node.office->store().begin().value();
  REQUIRE(node.office->store().orders().put(orders.front()).has_value());
  REQUIRE(transaction.commit().has_value());
  const auto size = node.sent_size();
  REQUIRE(office::carry_out_orders(*node.office, node.pair(), node.now).has_value());
  CHECK(node.office->store().orders().of_pairing(node.pair().row.id).value().empty());
  CHECK(node.sent_size() == size);
}

}  // namespace blo::sim
