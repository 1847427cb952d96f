// A store that is older than what was sent from it is given back what it lost, and goes on in the
// next generation; it never signs a second history.
#include <catch2/catch.hpp>

#include "forger.h"
#include "office/records.h"
#include "old_store.h"

namespace blo::sim {
namespace {

using store::Recovery;

Result<std::uint64_t> act(Node& node) {
  office::TrailEntry entry;
  entry.act.request = 4;
  return node.office->trail().enter(entry, node.now);
}

std::size_t trail_generations(Node& node) {
  return node.office->trail().journal()->earlier.size() + 1;
}

/// As a pairing stands to which all has been given back; the newest of it was signed then.
void wait_to_go_on(Node& node, std::optional<WallTime> signed_at) {
  auto& store = node.office->store();
  auto transaction = store.begin().value();
  store::PairingRow& row = node.pair().row;
  REQUIRE(store.pairings().freeze(row, "older", "", Recovery::kRecovering).has_value());
  REQUIRE(store.pairings().set_recovery(row, Recovery::kRecovered).has_value());
  if (signed_at) REQUIRE(store.note_given_back(*signed_at).has_value());
  REQUIRE(transaction.commit().has_value());
}

}  // namespace

TEST_CASE("an old store is given back what it lost and goes on in the next generation") {
  World world;
  exchange(world, 2);
  const auto old = copy_of(world, world.a);
  exchange(world, 3);
  const auto closed_root = world.b.pair().received->row.frontier.root();
  const std::uint64_t size = world.a.sent_size();
  const std::uint64_t theirs = world.a.received_size();

  put_back(world, world.a, old);
  CHECK(world.a.sent_size() < size);
  world.connect();
  world.run();
  CHECK(recovery_of(world.a) == Recovery::kRecovered);
  CHECK(world.a.frozen());
  CHECK_FALSE(signs(world.a));
  CHECK(world.a.sent_size() == size);
  CHECK(world.a.received_size() == theirs);
  CHECK(world.a.pair().sent->row.frontier.root() == closed_root);
  CHECK(world.a.office->alarms().list(true).value().back().code == "behind");

  const auto recovered = go_on(world.a);
  CHECK(recovered.reentered == 0);
  CHECK(recovered.entries == size + theirs);
  CHECK_FALSE(world.a.frozen());
  CHECK(world.a.pair().sent->row.origin.generation == 2);
  world.a.say("in the next generation");
  world.b.say("and an answer");
  world.converge();
  world.check_converged();
}

TEST_CASE("what an office exports while it is given back what it lost verifies") {
  World world;
  exchange(world, 2);
  const auto old = copy_of(world, world.a);
  exchange(world, 4);
  renew(world, world.a);
  exchange(world, 2);
  const std::uint64_t theirs = world.a.received_size();
  put_back_from_backup(world, world.a, old);
  std::size_t left_out = 0;
  // After each step, however little of it is here.
  for (int i = 0; i < 100 && recovery_of(world.a) != Recovery::kRecovered; ++i) {
    world.connect();
    world.cut_after(2'000 + 400 * static_cast<std::size_t>(i));
    world.run();
    world.cut();
    CHECK(codes(audit(world, world.a)).empty());
    const auto sink = [](const std::string&, ByteView) -> Result<void> { return {}; };
    const auto job = office::ExportJob::begin(*world.a.office, world.a.pair(), sink).value();
    left_out += static_cast<std::size_t>(std::ranges::count_if(job.notes(), [](const auto& note) {
      return note.find("has not given back yet") != std::string::npos;
    }));
  }
  CHECK(left_out > 0);
  CHECK(recovery_of(world.a) == Recovery::kRecovered);
  CHECK(world.a.received_size() == theirs);
  CHECK(codes(audit(world, world.a)).empty());
}

TEST_CASE("what an old store accepted by itself is said in the next generation and once") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.a);
  exchange(world, 2);
  put_back(world, world.a, old);
  world.a.say("accepted since the backup");
  world.a.say("and another one");
  give_back(world, world.a);
  CHECK_FALSE(signs(world.a));
  CHECK(world.a.office->store().stranded().count(world.a.pair().row.id).value() == 2);
  world.a.restart();
  CHECK(go_on(world.a).reentered == 2);
  CHECK(world.a.office->store().stranded().count(world.a.pair().row.id).value() == 0);
  world.converge();
  world.check_converged();
}

TEST_CASE("the audit trail leaves the generation of which a part was lost and once") {
  World world;
  exchange(world, 1);
  REQUIRE(act(world.a).has_value());
  const auto old = copy_of(world, world.a);
  exchange(world, 2);
  world.a.now.wall += std::chrono::hours(1);
  REQUIRE(act(world.a).has_value());  // its head may have left on a stick
  put_back(world, world.a, old);
  give_back(world, world.a);
  CHECK(trail_generations(world.a) == 1);
  go_on(world.a);
  CHECK(trail_generations(world.a) == 2);
  REQUIRE(act(world.a).has_value());

  // Another pairing that lost something at the same time goes on after it.
  const WallTime lost = world.a.office->trail().begun().value().value() - milliseconds(1);
  wait_to_go_on(world.a, lost);
  go_on(world.a);
  CHECK(trail_generations(world.a) == 2);

  // And one that lost something later: the store was old once more.
  wait_to_go_on(world.a, lost + milliseconds(1));
  go_on(world.a);
  CHECK(trail_generations(world.a) == 3);
}

TEST_CASE("nothing is added to a generation of the audit trail of which a part may be lost") {
  World world;
  exchange(world, 1);
  REQUIRE(act(world.a).has_value());
  const auto old = copy_of(world, world.a);
  world.a.now.wall += std::chrono::hours(1);
  REQUIRE(act(world.a).has_value());  // in an export that an auditor has
  const auto exported = office::closed(world.a.office->trail().journal()->row);
  std::set<std::uint32_t> numbers{1};
  for (int i = 0; i < 2; ++i) {  // and once more: no number comes twice under two keys
    put_back(world, world.a, old);
    world.a.now.wall += std::chrono::hours(1);
    REQUIRE(act(world.a).has_value());
    REQUIRE(act(world.a).has_value());
    CHECK(trail_generations(world.a) == 2);
    const auto& trail = *world.a.office->trail().journal();
    CHECK(trail.earlier.front().size() < exported.size);
    CHECK(numbers.insert(trail.row.origin.generation).second);
    const auto stored = world.a.office->store().journals().entry(trail.row, 0).value();
    const auto start = office::find_record<journal::GenerationStart>(stored).value();
    CHECK(start.previous->generation == 1);
  }
}

TEST_CASE("the audit trail goes on in its generation once the heads have agreed") {
  World world;
  exchange(world, 1);
  REQUIRE(act(world.a).has_value());
  world.cut();
  world.a.restart();
  world.connect();
  world.run();
  REQUIRE(act(world.a).has_value());
  CHECK(trail_generations(world.a) == 1);
  world.cut();
  world.a.restart();
  REQUIRE(act(world.a).has_value());
  CHECK(trail_generations(world.a) == 2);
  REQUIRE(act(world.a).has_value());
  CHECK(trail_generations(world.a) == 2);
}

TEST_CASE("the audit trail of a store that cannot ask its counterpart is not added to") {
  const bool frozen = GENERATE(false, true);
  World world;
  REQUIRE(act(world.a).has_value());
  std::vector<Bytes> old;
  if (!frozen) old = copy_of(world, world.a);  // from before the first receipt
  exchange(world, 1);
  world.cut();
  if (frozen) {
    REQUIRE(office::freeze_by_hand(world.a.office->store(), world.a.pair(), "why").has_value());
    old = copy_of(world, world.a);
  }
  REQUIRE(act(world.a).has_value());
  put_back(world, world.a, old);
  REQUIRE(act(world.a).has_value());
  CHECK(trail_generations(world.a) == 2);
}

TEST_CASE("a forgotten name goes from every generation of the audit trail") {
  World world;
  exchange(world, 1);
  world.cut();
  const std::uint64_t person = world.a.officer().person;
  for (int i = 0; i < 2; ++i) {
    office::TrailEntry entry;
    entry.act.officer = world.a.officer().certificate.fingerprint();
    entry.officer = &world.a.officer();
    REQUIRE(world.a.office->trail().enter(entry, world.a.now).has_value());
    world.a.restart();
  }
  auto& office = *world.a.office;
  const auto& trail = *office.trail().journal();
  REQUIRE(trail.earlier.size() == 1);
  const auto names = [&] {
    std::size_t here = 0;
    const auto count = [&](const store::JournalRow& row) {
      for (const auto index : office::introductions_of(office.store(), row, person).value())
        here += office.store().journals().has_body(row, index).value() ? 1U : 0U;
    };
    std::ranges::for_each(trail.earlier, count);
    count(trail.row);
    return here;
  };
  CHECK(names() == 2);
  REQUIRE(
      office.revoke_officer(person, identity::RevocationReason::kLeft, world.a.now).has_value());
  REQUIRE(office.forget_officer(person, 0, world.a.now).has_value());
  CHECK(names() == 0);
}

TEST_CASE("the audit trail stays in its generation where nothing of ours was given back") {
  World world;
  exchange(world, 1);
  REQUIRE(act(world.a).has_value());
  wait_to_go_on(world.a, std::nullopt);
  go_on(world.a);
  CHECK(world.a.pair().sent->row.origin.generation == 2);
  CHECK(trail_generations(world.a) == 1);
}

TEST_CASE("an office whose receipts alone were lost leaves its audit trail too") {
  World world;
  exchange(world, 1);
  REQUIRE(act(world.b).has_value());
  const auto old = copy_of(world, world.b);
  world.b.now.wall += std::chrono::hours(1);
  world.a.now.wall += std::chrono::hours(1);
  world.a.say("receipted and then forgotten");
  world.converge();
  put_back(world, world.b, old);
  give_back(world, world.b);
  go_on(world.b);
  CHECK(trail_generations(world.b) == 2);
}

TEST_CASE("an office is let go on by a person and not before everything is back") {
  World world;
  exchange(world, 1);
  CHECK(world.a.office->recover(world.a.pair(), world.a.now).error() ==
        office::OfficeError::kNotBehind);
  const auto old = copy_of(world, world.a);
  exchange(world, 3);
  put_back(world, world.a, old);
  world.connect();
  while (recovery_of(world.a) != Recovery::kRecovering) REQUIRE(world.step());
  CHECK(world.a.office->recover(world.a.pair(), world.a.now).error() ==
        office::OfficeError::kNotRecovered);
  give_back(world, world.a);
  world.connect();
  world.run();
  CHECK_FALSE(world.connected());  // frozen until then
  CHECK_FALSE(signs(world.a));
  go_on(world.a);
  world.converge();
  world.check_converged();
}

TEST_CASE("a recovery that is cut or killed anywhere goes on where it was") {
  for (std::uint64_t stop = 1; stop < 400; stop += 7) {
    World world(stop);
    exchange(world, 2);
    const auto old = copy_of(world, world.a);
    exchange(world, 4);
    put_back(world, world.a, old);
    world.a.say("accepted since the backup");
    world.connect();
    for (std::uint64_t i = 0; i < stop && world.step(); ++i) {
    }
    world.crash(stop % 2 == 0 ? world.a : world.b);
    give_back(world, world.a);
    CHECK_FALSE(signs(world.a));
    go_on(world.a);
    world.converge();
    world.check_converged();
  }
}

TEST_CASE("an office restored to before a renewal is given back every generation") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.a);
  for (int i = 0; i < 2; ++i) {
    exchange(world, 2);
    for (Node* node : {&world.a, &world.b}) {
      world.cut();
      REQUIRE(node->office->open_next_generation(node->pair(), node->now).has_value());
      exchange(world, 1);
    }
  }
  put_back(world, world.a, old);
  world.a.say("accepted since the backup");
  give_back(world, world.a);
  CHECK_FALSE(signs(world.a));
  CHECK(world.a.pair().sent->row.origin.generation == 3);
  CHECK(world.a.pair().received->row.origin.generation == 3);
  CHECK(go_on(world.a).reentered == 1);
  CHECK(world.a.pair().sent->row.origin.generation == 4);
  world.converge();
  world.check_converged();
}

TEST_CASE("both offices restored at once give each other back what they lost") {
  World world;
  exchange(world, 1);
  const auto old_a = copy_of(world, world.a);
  exchange(world, 1);
  const auto old_b = copy_of(world, world.b);
  exchange(world, 1);
  put_back(world, world.a, old_a);
  put_back(world, world.b, old_b);
  world.connect();
  world.run();
  // What neither holds any more is lost; what either holds, both have.
  CHECK(recovery_of(world.a) == Recovery::kRecovered);
  CHECK_FALSE(signs(world.a));
  CHECK(world.a.sent_size() == world.b.received_size());
}

TEST_CASE("two restored offices that face each other are both given back what they lost") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.a);
  exchange(world, 2);
  put_back(world, world.a, old);
  for (Node* node : {&world.a, &world.b}) {  // as blo restore leaves every pairing
    world.cut();
    begin_recovery(*node);
  }
  const auto both = [&] {
    return recovery_of(world.a) == Recovery::kRecovered &&
           recovery_of(world.b) == Recovery::kRecovered;
  };
  for (int i = 0; i < 10 && !both(); ++i) {
    world.cut();
    world.connect(i % 2 == 0 ? world.a : world.b);
    world.run();
    CHECK_FALSE((signs(world.a) || signs(world.b)));
  }
  REQUIRE(both());
  world.connect();
  world.run();
  CHECK_FALSE(world.connected());  // neither asks for anything: frozen until a person's word
  CHECK_FALSE((signs(world.a) || signs(world.b)));
  go_on(world.a);
  go_on(world.b);
  world.converge();
  world.check_converged();
}

TEST_CASE(
    "an officer revoked since the backup stays revoked and a forgotten name stays forgotten") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.a);
  const std::uint64_t person = world.a.officer().person;
  world.converge();
  REQUIRE(world.a.office->revoke_officer(person, identity::RevocationReason::kLeft, world.a.now)
              .has_value());
  REQUIRE(world.a.office->forget_officer(person, 0, world.a.now).has_value());
  world.connect();
  world.run();
  put_back(world, world.a, old);
  CHECK(world.a.officer().name.name == kOfficerName);
  CHECK(world.a.office->officers().in_force(world.a.officer(), world.a.now.wall));
  give_back(world, world.a);
  CHECK(world.a.officer().name.name.empty());
  CHECK(world.a.office->officers().state(world.a.officer(), world.a.now.wall) ==
        office::OfficerState::kRevoked);
  world.a.restart();
  CHECK(world.a.officer().name.name.empty());
  CHECK(world.a.office->officers().state(world.a.officer(), world.a.now.wall) ==
        office::OfficerState::kRevoked);
}

TEST_CASE("what is given back counts under our own signature and the other's receipt alone") {
  const auto lie = GENERATE(0, 1, 2, 3);
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.a);
  exchange(world, 2);
  put_back(world, world.a, old);
  const std::uint64_t before = world.a.sent_size();
  world.b.meddle = [&](sync::Frame& frame) {
    auto* end = std::get_if<sync::RecallEnd>(&frame);
    auto* items = std::get_if<sync::Items>(&frame);
    if (end != nullptr && end->receipt && lie == 0) end->receipt->signature[3] ^= 1;
    if (end != nullptr && !end->checkpoint.empty() && lie == 1) end->checkpoint[90] ^= 1;
    if (items != nullptr && lie == 2) items->parts.front().item.entry.back() ^= 1;
    if (lie == 3 && end != nullptr) *end = sync::RecallEnd();  // "nothing follows"
  };
  world.connect();
  world.run();
  CHECK_FALSE(world.connected());
  CHECK(world.a.sent_size() == before);
  CHECK(recovery_of(world.a) == Recovery::kRecovering);
  CHECK_FALSE(signs(world.a));
  world.b.meddle = nullptr;
  give_back(world, world.a);
  go_on(world.a);
  world.converge();
  world.check_converged();
}

TEST_CASE("a receiver restored from an old copy is given back what it had receipted") {
  World world;
  world.a.say("first");
  world.converge();
  const auto old = copy_of(world, world.b);
  world.a.say("receipted and then forgotten");
  world.converge();
  put_back(world, world.b, old);
  give_back(world, world.b);
  CHECK_FALSE(world.a.frozen());
  CHECK_FALSE(signs(world.b));
  go_on(world.b);
  world.converge();
  world.check_converged();
}

TEST_CASE("two copies of one store never sign two histories") {
  World world;
  exchange(world, 1);
  const auto clone = copy_of(world, world.a);
  world.a.say("said by the first copy");
  world.converge();
  const auto first = copy_of(world, world.a);
  auto said_first = world.a.said;

  put_back(world, world.a, clone);  // the second copy speaks
  world.a.said.pop_back();
  world.a.say("said by the second copy");
  give_back(world, world.a);
  CHECK_FALSE(signs(world.a));
  world.a.said.insert(world.a.said.end() - 1, said_first.back());
  go_on(world.a);
  world.converge();
  world.check_converged();

  put_back(world, world.a, first);  // and the first again
  world.a.say("said by the first copy again");
  give_back(world, world.a);
  CHECK_FALSE(signs(world.a));
  go_on(world.a);
  world.converge();
  world.check_converged();
  CHECK(world.a.pair().sent->row.origin.generation == 3);
}

}  // namespace blo::sim
