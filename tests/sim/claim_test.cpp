// One office's clock is wrong for a while, and then right: nothing stays of it but what is marked.
#include <catch2/catch.hpp>

#include "auditor.h"
#include "forger.h"
#include "office/challenge.h"
#include "office/dated_ahead.h"

namespace blo::sim {
namespace {

using std::chrono::hours;

constexpr hours days(int count) { return hours(24 * count); }

/// What one office enters while its clock is ahead.
void enter_ahead(Node& node, milliseconds ahead) {
  const WallTime right = node.now.wall;
  node.now.wall += ahead;
  node.restart();
  REQUIRE(office::enter_challenge(*node.office, node.pair(), "ahead", node.now).has_value());
  node.now.wall = right;
  node.restart();
}

bool is_dated_now(World& world, Node& node, const Said& said) {
  const auto shown = node.show(said.number);
  return !shown.claim && shown.stamp.time <= world.a.now.wall &&
         shown.stamp.time + hours(1) > world.a.now.wall;
}

}  // namespace

TEST_CASE("what a clock 400 days ahead entered dates nothing once there is a receipt over it") {
  for (const bool by_a : {true, false}) {
    INFO(by_a);
    World world;
    Node& wrong = by_a ? world.a : world.b;
    wrong.say("before");
    world.converge();
    world.cut();
    enter_ahead(wrong, days(400));
    world.converge();
    CHECK(wrong.pair().sent->row.last_stamp.time <= world.a.now.wall);
    CHECK(world.other(wrong).pair().received->row.last_stamp.time <= world.a.now.wall);
    const Said after = wrong.say("after"), answer = world.other(wrong).say("answer");
    world.converge();
    for (Node* node : {&world.a, &world.b}) {
      CHECK(is_dated_now(world, *node, after));
      CHECK(is_dated_now(world, *node, answer));
    }
    world.cut();
    wrong.restart();
    CHECK(is_dated_now(world, wrong, wrong.say("after a restart")));
    world.converge();
    world.check_converged();
    check_auditable(world, world.a);
    check_auditable(world, world.b);
  }
}

TEST_CASE("a stamp of any time to come ends nothing, and the receiver's export verifies with it") {
  const auto ahead =
      GENERATE(milliseconds(hours(25)), milliseconds(days(400)), milliseconds::max());
  World world;
  world.a.say("before");
  world.converge();
  journal::Stamp stamp = next_stamp(world.a);
  const WallTime last = from_unix_ms(253'402'300'799'999);
  stamp.time = ahead == milliseconds::max() ? last : stamp.time + ahead;
  const MessageNumber lie = append_message(world.a, "by a clock that lies", stamp);
  const Said truth = world.a.say("by one that does not");
  world.converge();
  CHECK_FALSE(world.b.show(lie).refusal);
  CHECK(world.b.show(lie).claim);
  CHECK(is_dated_now(world, world.b, truth));
  CHECK(world.b.pair().received->row.last_stamp.time <= world.a.now.wall);
  world.cut();
  world.b.restart();
  const Said more = world.a.say("more");
  world.converge();
  CHECK(is_dated_now(world, world.b, more));
  const auto verdict = audit(world, world.b);
  CHECK(codes(verdict).empty());
  std::uint64_t claims = 0;
  for (const auto& journal : verdict.journals) claims += journal.claims.count;
  CHECK(claims == 1);
}

TEST_CASE("until the receipt what is entered after a poison is dated right, and unsure") {
  World world;
  world.a.say("before");
  world.converge();
  world.cut();
  enter_ahead(world.a, days(400));
  const Said meanwhile = world.a.say("meanwhile");
  CHECK(world.a.show(meanwhile.number).stamp.unsure);
  CHECK(is_dated_now(world, world.a, meanwhile));
  world.a.restart();
  const Said again = world.a.say("again");
  CHECK(world.a.show(again.number).stamp.unsure);
  world.converge();
  for (const Said& said : {meanwhile, again}) CHECK_FALSE(world.b.show(said.number).refusal);
  const Said after = world.a.say("after");
  CHECK_FALSE(world.a.show(after.number).stamp.unsure);
  world.converge();
  CHECK(is_dated_now(world, world.b, after));
  world.check_converged();
  check_auditable(world, world.a);
  check_auditable(world, world.b);
}

TEST_CASE("what both offices believed at once is repeated, and nothing is unsure") {
  World world;
  const WallTime right = world.a.now.wall;
  world.a.now.wall += days(300);
  world.a.say("ahead");
  world.b.say("ahead, too");
  world.converge();
  world.cut();
  world.a.now.wall = right;
  const Said after = world.a.say("after");
  CHECK_FALSE(world.a.show(after.number).stamp.unsure);
  CHECK(world.a.show(after.number).stamp.time > right + days(299));
  world.converge();
  CHECK_FALSE(world.b.show(after.number).claim);
  // It is said, with until when, and once acknowledged not again.
  auto& office = *world.a.office;
  for (const bool again : {false, true}) {
    REQUIRE(office::tell_dated_ahead(office, world.a.now).has_value());
    REQUIRE(office::tell_dated_ahead(office, world.a.now).has_value());
    std::vector<store::AlarmRow> told;
    for (auto& alarm : office.alarms().list(false).value()) {
      if (alarm.code == "dated-ahead") told.push_back(std::move(alarm));
    }
    REQUIRE(told.size() == (again ? 0 : 1));
    if (again) break;
    const WallTime until = world.a.pair().sent->row.last_stamp.time;
    CHECK(office::dated_ahead_until(office, world.a.pair(), world.a.now).value() == until);
    CHECK(told.front().sentence.find(to_rfc3339(until)) != std::string::npos);
    const auto done =
        office.alarms().acknowledge(told.front().id, world.a.officer(), "seen", world.a.now);
    REQUIRE(done.has_value());
  }
  world.check_converged();
  check_auditable(world, world.a);
  check_auditable(world, world.b);
}

TEST_CASE("a clock ahead by less than a day is no claim, and its time is repeated") {
  World world;
  world.a.say("before");
  world.converge();
  world.cut();
  const WallTime right = world.a.now.wall;
  enter_ahead(world.a, hours(20));
  world.converge();
  CHECK(world.a.pair().sent->row.last_stamp.time >= right + hours(20));
  const Said after = world.a.say("after");
  world.converge();
  CHECK_FALSE(world.b.show(after.number).claim);
  CHECK(world.b.show(after.number).stamp.time >= right + hours(20));
  world.check_converged();
  check_auditable(world, world.a);
  check_auditable(world, world.b);
}

}  // namespace blo::sim
