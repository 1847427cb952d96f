// Clocks that are wrong at any time, on either side, and then right: nothing is left of it but what
// is marked.
#include "clock_storm.h"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "auditor.h"
#include "base/ids.h"
#include "office/challenge.h"
#include "office/dated_ahead.h"
#include "store/database.h"

namespace blo::sim {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using Faults = std::vector<std::string>;

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : parse_decimal(text).value();
}

std::string told(const ClockStorm& storm) {
  std::string text;
  for (const auto& line : storm.done()) text += "\n" + line;
  return text;
}

/// The first is one of those that no receipt shows.
constexpr milliseconds kGusts[] = {hours(5),  days(5),   days(40),   days(300),
                                   -hours(5), -days(40), -days(400), -days(40'000)};

/// A calm office's store is altered as a program would have it that has the fault.
void alter(Node& node, const std::function<void(store::Database&)>& how) {
  node.hang_up();
  node.office.reset();
  how(*store::Database::open(node.path).value());
  node.open();
}

/// By a clock that NTP keeps in step: what it enters is sure.
void enter_ahead(ClockStorm& storm, Node& node, milliseconds ahead) {
  storm.set_clock(node, ahead);
  node.set_in_step(true);
  node.restart();
  storm.world.cut();
  REQUIRE(office::enter_challenge(*node.office, node.pair(), "ahead", node.now).has_value());
  storm.calm();
}

bool tells(const Faults& faults, std::string_view begin) {
  return std::ranges::any_of(faults, [&](const auto& one) { return one.starts_with(begin); });
}

/// What both offices enter bears a time that is to come, and is known for it.
void check_repeats(ClockStorm& storm) {
  for (Node* node : {&storm.world.a, &storm.world.b}) {
    const WallTime newest = node->pair().sent->row.last_stamp.time;
    REQUIRE(storm.say(*node));
    const Said said = node->said.back();
    storm.exchange();
    for (Node* at : {&storm.world.a, &storm.world.b}) {
      const auto shown = at->show(said.number);
      CHECK(shown.stamp.time == newest);
      CHECK_FALSE((shown.claim || shown.stamp.unsure || shown.refusal));
    }
    CHECK(office::dated_ahead_until(*node->office, node->pair(), node->now).value() == newest);
  }
}

}  // namespace

TEST_CASE("after a storm of clocks nothing is left of it but what is marked") {
  const auto storms = number_from_environment("BLO_SIM_STORMS", 30);
  const auto first = number_from_environment("BLO_SIM_STORM", 0);
  for (std::uint64_t i = first; i < first + storms; ++i) {
    const bool far = i % 2 == 0;
    ClockStorm storm(100'000 + i, far ? Wrong::kByFar : Wrong::kByAnything);
    storm.blow(120);
    storm.calm();
    storm.exchange();
    Node& node = storm.world.random(2) == 0 ? storm.world.a : storm.world.b;
    const std::size_t least = far ? 1 : 0;
    storm.gust(node, kGusts[least + storm.world.random(std::size(kGusts) - least)]);
    storm.check_nothing_is_left();
    INFO("storm " << i << ": BLO_SIM_STORM=" << i << " BLO_SIM_STORMS=1" << told(storm));
    REQUIRE(storm.faults() == Faults{});
    storm.world.check_converged();
    check_auditable(storm.world, storm.world.a);
    check_auditable(storm.world, storm.world.b);
    storm.check_destroyed_in_time();
    REQUIRE(storm.faults() == Faults{});
  }
}

TEST_CASE("two believed clocks ahead together go on exchanging, and their dates are repeated") {
  for (std::uint64_t i = 0; i < 6; ++i) {
    INFO("storm " << i);
    ClockStorm storm(200'000 + i);
    World& world = storm.world;
    const hours ahead(24 * (4 + world.random(290)));
    storm.set_clock(world.a, ahead);
    storm.set_clock(world.b, ahead + hours(world.random(46)) - hours(23));
    for (int said = 0; said < 15; ++said) {
      if (!world.a.end && !world.b.end) {
        world.connect(world.random(2) == 0 ? world.a : world.b);
        world.cut_after(world.random(15'000));
      }
      storm.say(world.random(2) == 0 ? world.a : world.b);
      if (world.random(5) == 0) world.crash(world.random(2) == 0 ? world.a : world.b);
      storm.pass(seconds(1 + world.random(3)));
    }
    world.cut_after(SIZE_MAX);
    if (i % 2 == 0) storm.exchange();
    storm.calm();
    storm.exchange();
    INFO(told(storm));
    check_repeats(storm);
    storm.pass(minutes(2));
    for (Node* node : {&world.a, &world.b}) CHECK(is_open(*node, "dated-ahead"));
    storm.check_people_and_audits();
    CHECK(storm.faults() == Faults{});
    world.check_converged();
    // Until the dates have come.
    world.off_for(ahead + days(2));
    storm.calm();
    for (Node* node : {&world.a, &world.b}) {
      REQUIRE(storm.say(*node));
      CHECK(node->show(node->said.back().number).stamp.time == node->now.wall);
      CHECK_FALSE(office::dated_ahead_until(*node->office, node->pair(), node->now).value());
    }
    storm.exchange();
    CHECK(storm.faults() == Faults{});
    world.check_converged();
  }
}

TEST_CASE("two believed clocks ahead together go on exchanging where their only receipt was lost") {
  const bool stamped_ahead = GENERATE(true, false);
  INFO("the entry was stamped ahead, too: " << stamped_ahead);
  ClockStorm storm(400'000);
  World& world = storm.world;
  if (!stamped_ahead) REQUIRE(storm.say(world.a));
  for (Node* node : {&world.a, &world.b}) storm.set_clock(*node, days(49));
  if (stamped_ahead) REQUIRE(storm.say(world.a));
  world.connect();
  while (world.b.received_size() < world.a.sent_size()) REQUIRE(world.step());
  world.cut();
  REQUIRE_FALSE(world.converged());
  storm.calm();
  storm.exchange();
  for (Node* node : {&world.a, &world.b}) REQUIRE(storm.say(*node));
  storm.exchange();
  INFO(told(storm));
  storm.check_people_and_audits();
  CHECK(storm.faults() == Faults{});
  world.check_converged();
}

TEST_CASE("a claim that bounds its successors would be found, at its own office and at the other") {
  enum class Altered { kNothing, kOwn, kReceiver };
  for (const auto altered : {Altered::kNothing, Altered::kOwn, Altered::kReceiver}) {
    ClockStorm storm(300'000, Wrong::kByFar);
    World& world = storm.world;
    enter_ahead(storm, world.a, days(300));
    storm.exchange();
    REQUIRE(storm.faults() == Faults{});
    world.cut();
    const WallTime claimed = storm.truth() + days(300);
    if (altered == Altered::kOwn) world.a.pair().sent->row.last_stamp.time = claimed;
    if (altered == Altered::kReceiver) world.b.pair().received->row.last_stamp.time = claimed;
    storm.check_nothing_is_left();
    INFO(told(storm));
    CHECK(storm.faults().empty() == (altered == Altered::kNothing));
    CHECK(tells(storm.faults(), "what is said under a right clock is dated by it") ==
          (altered == Altered::kOwn));
    CHECK(tells(storm.faults(), "what is said under a right clock is not refused") ==
          (altered == Altered::kReceiver));
  }
}

TEST_CASE("an overdue alarm that counts from a stamp would be found, too late and too early") {
  for (const milliseconds by : {milliseconds(days(300)), -milliseconds(days(300))}) {
    for (const bool from_stamp : {false, true}) {
      ClockStorm storm(400'000, Wrong::kByFar);
      Node& node = storm.world.a;
      storm.exchange();
      storm.gust(node, by, [&] {
        alter(node, [&](store::Database& database) {
          if (!from_stamp) return;
          store::Statement update = database.prepare("UPDATE awaited SET sent_at = sent_at + ?");
          REQUIRE(update.bind(std::int64_t{by.count()}).run().has_value());
        });
      });
      INFO(told(storm));
      CHECK(storm.faults().empty() != from_stamp);
      if (!from_stamp) continue;
      const bool late = by > milliseconds(0);
      CHECK(tells(storm.faults(), "what has waited for long enough is overdue") == late);
      CHECK(tells(storm.faults(), "nothing is overdue before its time") != late);
    }
  }
}

TEST_CASE("who reads after a restart under a wrong clock is no finding in the office's own trail") {
  for (const milliseconds by : {-milliseconds(hours(72) + minutes(10)), -milliseconds(hours(84)),
                                milliseconds(days(400))}) {
    INFO(by / hours(1));
    ClockStorm storm(500'000);
    World& world = storm.world;
    storm.exchange();
    world.off_for(days(1));
    storm.set_clock(world.a, by);
    world.a.restart();
    storm.read(world.a);
    storm.calm();
    storm.exchange();
    world.off_for(days(2));
    storm.calm();
    storm.pass(seconds(30));
    storm.exchange();
    storm.check_people_and_audits();
    INFO(told(storm));
    CHECK(storm.faults() == Faults{});
  }
}

TEST_CASE("a receipt lost with the power is no bad one by two clocks that lost the time, too") {
  ClockStorm storm(600'000);
  World& world = storm.world;
  storm.exchange();
  REQUIRE(storm.say(world.a));
  while (world.b.received_size() < world.a.sent_size()) REQUIRE(world.step());
  world.cut();
  REQUIRE(world.a.pair().sent->head->checkpoint.size < world.a.sent_size());
  for (Node* node : {&world.a, &world.b}) {
    storm.set_clock(*node, -days(40'000));
    node->set_in_step(false);
    node->restart();
  }
  world.connect();
  storm.pass(seconds(10));
  CHECK_FALSE(is_open(world.a, "bad-receipt"));
  storm.calm();
  storm.exchange();
  CHECK(storm.faults() == Faults{});
}

}  // namespace blo::sim
