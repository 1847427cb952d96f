// What an old store destroys, and what it keeps for a court, counts when it is recent again.
#include <catch2/catch.hpp>

#include "office/policies.h"
#include "office/records.h"
#include "office/retention.h"
#include "old_store.h"

namespace blo::sim {
namespace {

const office::RetentionRules kRules{{1, std::chrono::hours(1), "Act 12"}};

std::uint64_t destroy(Node& node) {
  const Now later{node.now.wall + std::chrono::hours(2), node.now.steady};
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(later.wall));
  REQUIRE(node.office->clock().confirm({today, true}, later).has_value());
  const auto report = office::apply_retention(*node.office, kRules, 100, 7, later);
  REQUIRE(report.has_value());
  return report->erased;
}

bool erased(Node& node, const Said& said) { return node.show(said.number).erased; }

/// How often our journal says that the content was destroyed.
int erasures_of(Node& node, const Said& said) {
  int found = 0;
  for (const auto* row : node.pair().generations(true)) {
    for (const auto& stored :
         node.office->store().journals().records(*row, store::RecordKind::kErasure).value()) {
      const auto erasure = office::find_record<journal::Erasure>(stored);
      if (!erasure || erasure->index != said.number.index) continue;
      const auto of = erasure->generation == 0 ? row->origin.generation : erasure->generation;
      found += of == said.number.generation && !erasure->received ? 1 : 0;
    }
  }
  return found;
}

/// A message to b, which b keeps for a court.
Said say_and_hold(World& world) {
  Said said = world.a.say("evidence");
  world.converge();
  REQUIRE(office::place_hold(*world.b.office, said.number, "a court", 1, world.b.now).has_value());
  return said;
}

}  // namespace

TEST_CASE("what an old store destroys is destroyed at the counterpart all the same") {
  World world;
  const Said gone = world.a.say("its time is over");
  const Said copy = world.b.say("and its copy's");
  world.converge();
  const auto old = copy_of(world, world.a);
  world.a.say("newer");
  world.converge();
  put_back(world, world.a, old);
  CHECK(destroy(world.a) == 2);
  give_back(world, world.a);
  CHECK_FALSE(erased(world.b, gone));
  go_on(world.a);
  world.converge();
  CHECK((erased(world.a, gone) && erased(world.b, gone) && erased(world.a, copy)));
  CHECK_FALSE(erased(world.b, copy));
  CHECK(erasures_of(world.a, gone) == 1);
  CHECK(world.b.pair().received->row.refused == 0);
}

TEST_CASE("what was destroyed before and again by an old store is said once") {
  World world;
  const Said gone = world.a.say("its time is over");
  world.converge();
  const auto old = copy_of(world, world.a);
  CHECK(destroy(world.a) == 1);
  world.cut();
  world.converge();
  put_back(world, world.a, old);
  CHECK(destroy(world.a) == 1);
  give_back(world, world.a);
  go_on(world.a);
  world.converge();
  CHECK(erasures_of(world.a, gone) == 1);
  CHECK(world.b.pair().received->row.refused == 0);
}

TEST_CASE("what an old store destroyed of an entry that is lost with it names no other") {
  World world;
  world.b.say("so that there are receipts");
  world.converge();
  const auto old = copy_of(world, world.a);
  const journal::Policy policy{{}, true};
  REQUIRE(office::set_policy(*world.a.office, world.a.pair(), policy, 1, world.a.now).has_value());
  const Said kept = world.a.say("after a policy, and then the officer");
  world.converge();
  put_back(world, world.a, old);
  world.a.said.clear();
  world.a.say("after the officer, who stands where the policy did");
  const auto person = world.a.officer().person;
  REQUIRE(world.a.office->revoke_officer(person, identity::RevocationReason::kLeft, world.a.now)
              .has_value());
  REQUIRE(world.a.office->forget_officer(person, 0, world.a.now).has_value());
  give_back(world, world.a);
  REQUIRE(world.a.office->recover(world.a.pair(), world.a.now).has_value());
  world.cut();
  world.converge();
  CHECK(world.b.pair().received->row.refused == 0);
  CHECK(world.b.show(kept.number).content == kept.content);
  CHECK(world.b.show(kept.number).author.name.name.empty());  // forgotten there, too
}

TEST_CASE("a name forgotten while the pairing waits is forgotten at the counterpart, too") {
  World world;
  exchange(world, 2);
  const Said named = world.a.said.front();
  const auto person = world.a.officer().person;
  world.cut();
  begin_recovery(world.a);
  REQUIRE(world.a.office->revoke_officer(person, identity::RevocationReason::kLeft, world.a.now)
              .has_value());
  REQUIRE(world.a.office->forget_officer(person, 0, world.a.now).has_value());
  give_back(world, world.a);
  go_on(world.a);
  world.converge();
  CHECK(world.b.show(named.number).author.name.name.empty());
  CHECK(world.b.pair().received->row.refused == 0);
}

TEST_CASE("a hold that stood at a backup's time keeps its content through a recovery") {
  const bool hides = GENERATE(true, false);
  World world;
  const Said said = say_and_hold(world);
  const auto old = copy_of(world, world.b);
  world.connect();
  world.run();
  sync::Heads before;
  for (const auto& seen : world.a.trace) {
    if (const auto* heads = std::get_if<sync::Heads>(&seen.frame); heads && seen.sent)
      before = *heads;
  }
  CHECK(destroy(world.a) == 1);
  world.cut();
  world.converge();
  REQUIRE(world.b.pair().received->row.refused == 1);

  put_back(world, world.b, old);
  bool ours = false;
  if (hides) {
    world.a.meddle = [&](sync::Frame& frame) {
      if (auto* heads = std::get_if<sync::Heads>(&frame)) heads->yours = before.yours;
      if (const auto* begin = std::get_if<sync::RecallBegin>(&frame)) ours = !begin->mine;
      if (!ours) return;  // of what it holds of our journal it gives back nothing
      if (std::holds_alternative<sync::RecallEnd>(frame)) frame = sync::RecallEnd();
      if (std::holds_alternative<sync::Items>(frame)) frame = sync::Ping{7};
    };
  }
  give_back(world, world.b);
  world.a.meddle = nullptr;
  CHECK(world.b.show(said.number).content == said.content);
  CHECK(world.b.pair().received->row.refused == 1);
  go_on(world.b);
  if (!hides) world.converge();
  CHECK(world.b.show(said.number).content == said.content);
  int refusals = 0;
  for (const auto* row : world.b.pair().generations(true)) {
    for (const auto& stored :
         world.b.office->store().journals().records(*row, store::RecordKind::kRefusal).value()) {
      const auto refusal = office::find_record<journal::Refusal>(stored);
      refusals += refusal && refusal->reason == journal::RefusalReason::kHeld ? 1 : 0;
    }
  }
  CHECK(refusals == 1);
  CHECK(office::list_holds(*world.b.office)->front().erasure_waits);
  CHECK_FALSE(world.b.frozen());
  CHECK(office::lift_hold(*world.b.office, said.number, world.b.officer(), world.b.now).value() ==
        1);
  CHECK(erased(world.b, said));
}

TEST_CASE("what was destroyed after its hold was lifted stays destroyed in spite of an old hold") {
  World world;
  const Said said = say_and_hold(world);
  const auto old = copy_of(world, world.b);
  CHECK(destroy(world.a) == 1);
  world.cut();
  world.converge();
  CHECK(office::lift_hold(*world.b.office, said.number, world.b.officer(), world.b.now).value() ==
        1);
  world.cut();
  world.converge();
  put_back(world, world.b, old);
  REQUIRE_FALSE(erased(world.b, said));
  give_back(world, world.b);
  CHECK(erased(world.b, said));
}

TEST_CASE("an erasure of what was destroyed here before it came is not refused over an old hold") {
  World world;
  const Said said = say_and_hold(world);
  const auto old = copy_of(world, world.b);
  CHECK(office::lift_hold(*world.b.office, said.number, world.b.officer(), world.b.now).value() ==
        0);
  CHECK(destroy(world.b) == 1);
  world.converge();
  CHECK(destroy(world.a) == 1);
  world.cut();
  world.converge();
  REQUIRE(world.b.pair().received->row.refused == 0);
  put_back(world, world.b, old);
  give_back(world, world.b);
  CHECK(erased(world.b, said));
  CHECK(world.b.pair().received->row.refused == 0);
}

TEST_CASE("a hold lifted while the pairing waits is carried out when it goes on") {
  World world;
  const Said said = say_and_hold(world);
  CHECK(destroy(world.a) == 1);
  world.cut();
  world.converge();
  world.cut();
  begin_recovery(world.b);
  CHECK(office::lift_hold(*world.b.office, said.number, world.b.officer(), world.b.now).value() ==
        0);
  give_back(world, world.b);
  go_on(world.b);
  CHECK(erased(world.b, said));
}

}  // namespace blo::sim
