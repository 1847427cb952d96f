// Contents whose time is over are destroyed at both ends, whatever happens meanwhile; what a hold
// keeps is kept.
#include <catch2/catch.hpp>

#include "office/retention.h"
#include "world.h"

namespace blo::sim {
namespace {

const office::RetentionRules kRules{{1, std::chrono::hours(1), "Act 12"}};

Now later(const Node& node, milliseconds by = std::chrono::hours(2)) {
  return {node.now.wall + by, node.now.steady};
}

office::RetentionReport apply(Node& node, const office::RetentionRules& rules = kRules) {
  auto report = office::apply_retention(*node.office, rules, 100, 7, later(node));
  REQUIRE(report.has_value());
  return std::move(*report);
}

Bytes sealed(Node& node, const MessageNumber& number) {
  auto body = node.office->store().journals().body(
      number.from == node.office->keys().id ? node.pair().sent->row : node.pair().received->row,
      number.index);
  REQUIRE(body.has_value());
  return std::move(body->sealed);
}

bool is_on_disk(const Node& node, const Bytes& part) {
  return std::ranges::any_of(node.disk(), [&](const Bytes& file) {
    return std::search(file.begin(), file.end(), part.begin(), part.end()) != file.end();
  });
}

bool erased(Node& node, const Said& said) { return node.show(said.number).erased; }

}  // namespace

TEST_CASE("a content whose time is over leaves nothing on either disk") {
  World world;
  const Said gone = world.a.say("its time is over");
  const Said theirs = world.b.say("and so is its copy here");
  world.converge();
  const Bytes body = sealed(world.a, gone.number);
  const Bytes copy = sealed(world.a, theirs.number);
  REQUIRE((is_on_disk(world.a, body) && is_on_disk(world.b, body)));
  CHECK(apply(world.a).erased == 2);
  CHECK_FALSE((is_on_disk(world.a, body) || is_on_disk(world.a, copy)));
  world.cut();
  world.converge();
  CHECK_FALSE(is_on_disk(world.b, body));
  CHECK(is_on_disk(world.b, copy));
  CHECK((erased(world.a, gone) && erased(world.b, gone) && erased(world.a, theirs)));
  CHECK_FALSE(erased(world.b, theirs));
  CHECK(world.b.pair().received->row.refused == 0);
  world.a.restart();
  world.b.restart();
  CHECK((erased(world.a, gone) && erased(world.b, gone)));
  CHECK(apply(world.a).due == 0);
}

TEST_CASE("either side killed after any event of an erasure destroys and keeps the same") {
  for (const bool a_dies : {true, false}) {
    for (int at = 0; at <= 24; ++at) {
      CAPTURE(a_dies, at);
      World world;
      world.weather.segment_bytes_max = 700;
      const Said gone = world.a.say("its time is over");
      world.converge();
      world.cut();
      const Said kept = world.a.say("said after");
      CHECK(apply(world.a).erased == 1);
      world.connect();
      for (int event = 0; event < at; ++event) world.step();
      world.crash(a_dies ? world.a : world.b);
      world.converge();
      for (Node* node : {&world.a, &world.b}) {
        REQUIRE(erased(*node, gone));
        REQUIRE(node->show(kept.number).content == kept.content);
        REQUIRE(node->pair().received->row.refused == 0);
      }
    }
  }
}

TEST_CASE("what no receipt covers is kept until one does") {
  World world;
  const Said queued = world.a.say("still here");
  CHECK(apply(world.a).due == 0);
  world.converge();
  CHECK(apply(world.a).erased == 1);
  CHECK(erased(world.a, queued));
}

TEST_CASE("the time runs from the end of a message's validity and by its own kind's rule") {
  World world;
  const Said said = world.a.say("an alert");
  world.converge();
  const office::RetentionRules notices{{2, milliseconds(1), "Act 12"}};
  CHECK(apply(world.a, notices).due == 0);
  const auto at = [&](milliseconds by) {
    return office::preview_retention(*world.a.office, kRules, 100, later(world.a, by))->due;
  };
  CHECK(at(std::chrono::minutes(30)) == 0);
  CHECK(at(std::chrono::hours(2)) == 1);
  CHECK_FALSE(erased(world.a, said));
  CHECK(office::preview_retention(*world.a.office, {}, 100, world.a.now).error() ==
        office::OfficeError::kNoRules);
}

TEST_CASE("a message of an earlier generation is destroyed at both ends") {
  World world;
  const Said gone = world.a.say("of the first generation");
  world.b.say("an answer");
  world.converge();
  world.cut();
  REQUIRE(world.a.office->open_next_generation(world.a.pair(), world.a.now).has_value());
  world.converge();
  CHECK(apply(world.a).erased == 2);
  world.cut();
  world.converge();
  CHECK((erased(world.a, gone) && erased(world.b, gone)));
  CHECK(world.b.pair().received->row.refused == 0);
}

TEST_CASE("an erasure that a hold refuses is carried out when the hold is lifted") {
  World world;
  const Said said = world.a.say("evidence");
  world.converge();
  REQUIRE(office::place_hold(*world.b.office, said.number, "a court", 1, world.b.now).has_value());
  CHECK(apply(world.a).erased == 1);
  world.cut();
  world.converge();
  CHECK(world.b.show(said.number).content == said.content);
  CHECK(world.b.pair().received->row.refused == 1);
  CHECK(office::list_holds(*world.b.office)->front().erasure_waits);
  world.b.restart();
  world.a.restart();
  const auto lifted =
      office::lift_hold(*world.b.office, said.number, world.b.officer(), world.b.now);
  CHECK(lifted.value() == 1);
  CHECK(erased(world.b, said));
  world.converge();
  CHECK(world.a.pair().received->row.refused == 0);
}

TEST_CASE("a hold keeps the name of who wrote the message, too") {
  World world;
  const Said said = world.a.say("evidence");
  world.converge();
  REQUIRE(office::place_hold(*world.b.office, said.number, "a court", 1, world.b.now).has_value());
  const std::uint64_t person = world.a.officer().person;
  REQUIRE(world.a.office->revoke_officer(person, identity::RevocationReason::kLeft, world.a.now)
              .has_value());
  REQUIRE(world.a.office->forget_officer(person, 0, world.a.now).has_value());
  world.cut();
  world.converge();
  const auto name = [&] { return world.b.show(said.number).author.name.name; };
  CHECK(name() == kOfficerName);
  CHECK(world.b.pair().received->row.refused == 1);
  world.b.restart();
  CHECK(name() == kOfficerName);
  CHECK(office::lift_hold(*world.b.office, said.number, world.b.officer(), world.b.now).value() ==
        0);
  CHECK(name().empty());
  world.b.restart();
  CHECK(name().empty());
  world.cut();
  world.converge();
  CHECK(world.a.pair().received->row.refused == 0);
}

TEST_CASE("nothing of a frozen pairing is destroyed and of one that is over everything may be") {
  World world;
  const Said said = world.a.say("its time is over");
  world.converge();
  world.cut();
  REQUIRE(office::freeze_by_hand(world.a.office->store(), world.a.pair(), "a doubt").has_value());
  const auto frozen = apply(world.a);
  CHECK((frozen.due == 0 && frozen.left_out.size() == 1));
  REQUIRE(office::end(world.a.office->store(), world.a.pair(), "over", world.a.now).has_value());
  const auto size = world.a.sent_size();
  CHECK(apply(world.a).erased == 1);
  CHECK(erased(world.a, said));
  CHECK(world.a.sent_size() == size);  // nothing is entered any more
}

}  // namespace blo::sim
