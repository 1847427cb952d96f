// A journal's key is replaced: the journal is closed and goes on in its next generation.
#include <catch2/catch.hpp>

#include "base/file.h"
#include "office/generations.h"
#include "office/policies.h"
#include "office/records.h"
#include "world.h"

namespace blo::sim {
namespace {

Result<void> renew(World& world, Node& node) {
  world.cut();  // as the daemon does: sessions speak of the old generation
  return node.office->open_next_generation(node.pair(), node.now);
}

std::uint32_t sent_generation(Node& node) { return node.pair().sent->row.origin.generation; }
std::uint32_t received_generation(Node& node) {
  return node.pair().received->row.origin.generation;
}

/// Both have something of each other.
void exchange_something(World& world) {
  world.a.say("from UZ");
  world.b.say("from TJ");
  world.converge();
}

/// Opens the next generation of an office that says of the one before what is not so.
void open_dishonestly(Node& node, const journal::ClosedGeneration& previous) {
  auto& store = node.office->store();
  const auto keys = node.kit.keys();
  const auto& old = node.pair().sent->row;
  Origin origin = old.origin;
  ++origin.generation;
  const auto key = crypto::SigningKey::generate();
  const auto certificate = office::certify_journal(keys, origin, key.verify_key(), node.now);
  auto transaction = store.begin().value();
  const auto row =
      store.journals().create(node.pair().row.id, origin, true, certificate.bytes(), &key.seed());
  office::Writer writer(store, row.value(), node.office->clock().dating(node.now),
                        node.pair().receipted());
  const journal::GenerationStart start{keys.authority.bytes(), keys.certificate.bytes(),
                                       certificate.bytes(), previous};
  REQUIRE(writer.add_record(start).has_value());
  REQUIRE(writer.finish().has_value());
  REQUIRE(transaction.commit().has_value());
  node.restart();
}

}  // namespace

TEST_CASE("a journal goes on in its next generation under a new key") {
  World world;
  exchange_something(world);
  const auto old_key = world.a.pair().sent->key->verify_key();
  const auto old_end = office::closed(world.a.pair().sent->row);
  REQUIRE(renew(world, world.a).has_value());
  const Said after = world.a.say("under the new key");
  CHECK(after.number.text() == "UZ-OYBEK/TJ-FOTEHOBOD/2/2");  // after the start and the officer
  world.b.say("an answer");
  world.converge();
  world.check_converged();  // what was said before the renewal is read as ever, too
  CHECK(received_generation(world.b) == 2);
  CHECK(world.b.pair().received->key != old_key);
  CHECK(office::closed(world.b.pair().received->earlier.back()) == old_end);
  CHECK(sent_generation(world.b) == 1);
  const auto start = world.b.office->store().journals().entry(world.b.pair().received->row, 0);
  CHECK(office::find_record<journal::GenerationStart>(start.value())->previous == old_end);
}

TEST_CASE("the old journal key is destroyed") {
  World world;
  exchange_something(world);
  const auto old = world.a.pair().sent->row;
  CHECK(world.a.office->store().journals().signing_seed(old).has_value());
  REQUIRE(renew(world, world.a).has_value());
  CHECK(world.a.office->store().journals().signing_seed(old).error() ==
        store::StoreError::kNotFound);
}

TEST_CASE("a journal whose entries wait for a receipt is not closed") {
  World world;
  exchange_something(world);
  world.cut();
  const Said waits = world.a.say("not there yet");
  CHECK(renew(world, world.a).error() == office::OfficeError::kUnreceipted);
  CHECK(sent_generation(world.a) == 1);
  world.converge();
  CHECK(world.b.show(waits.number).content == waits.content);
  CHECK(renew(world, world.a).has_value());
}

TEST_CASE("both journals may be renewed and again and again") {
  World world;
  for (int i = 0; i < 3; ++i) {
    exchange_something(world);
    REQUIRE(renew(world, world.a).has_value());
    REQUIRE(renew(world, world.b).has_value());
    if (i == 1) world.a.restart();
    if (i == 2) world.b.restart();
  }
  exchange_something(world);
  world.check_converged();
  CHECK((sent_generation(world.a) == 4 && sent_generation(world.b) == 4));
  const auto all =
      office::list_messages(*world.b.office, world.b.pair(), office::Box::kReceived, {}, 100)
          .value();
  REQUIRE(all.size() == 4);
  CHECK(all.front().number.generation == 4);
  CHECK(all.back().number.generation == 1);
  const office::Place before{all[1].number.generation, all[1].number.index};
  const auto rest =
      office::list_messages(*world.b.office, world.b.pair(), office::Box::kReceived, before, 1)
          .value();
  REQUIRE(rest.size() == 1);
  CHECK(rest.front().number == all[2].number);
}

TEST_CASE("either side killed after any event of a renewal loses and doubles nothing") {
  for (const bool a_dies : {true, false}) {
    for (int at = 1; at <= 40; ++at) {
      CAPTURE(a_dies, at);
      World world;
      world.weather.segment_bytes_max = 700;
      exchange_something(world);
      REQUIRE(renew(world, world.a).has_value());
      world.a.say("under the new key");
      world.connect();
      for (int event = 0; event < at; ++event) world.step();
      world.crash(a_dies ? world.a : world.b);
      world.b.say("an answer");
      world.converge();
      world.check_converged();
      REQUIRE(received_generation(world.b) == 2);
    }
  }
}

TEST_CASE("the same message handed in again over a renewal is the message accepted before") {
  World world;
  exchange_something(world);
  const auto submission = world.a.submission(alert("once"));
  const auto first = world.a.hand_in(submission);
  world.cut();
  world.converge();
  REQUIRE(renew(world, world.a).has_value());
  const auto second = world.a.hand_in(submission);
  CHECK(second.again);
  CHECK(second.number == first.number);
}

TEST_CASE("what is in force stands in the next generation") {
  World world;
  exchange_something(world);
  const journal::Policy policy{{{std::nullopt, journal::Precedence::kFlash}}, true};
  REQUIRE(office::set_policy(*world.a.office, world.a.pair(), policy, 1, world.a.now).has_value());
  REQUIRE(world.a.office->revoke_officer(1, identity::RevocationReason::kLeft, world.a.now)
              .has_value());
  const auto revoked = world.a.officer().certificate;
  world.cut();
  world.converge();
  REQUIRE(renew(world, world.a).has_value());
  world.converge();
  CHECK(world.a.pair().sent->policy == policy);
  const auto reader = office::reader_at_end(world.b.office->store(), world.b.pair()).value();
  CHECK(reader.origin().generation == 2);
  CHECK(reader.policy() == policy);
  CHECK(reader.statement_about(1) > revoked.details().statement);
}

TEST_CASE("a generation that does not begin where the one before ended is not taken") {
  using Closed = journal::ClosedGeneration;
  const std::function<void(Closed&)> lies[] = {[](Closed& end) { end.root[0] ^= 1; },
                                               [](Closed& end) { ++end.size; },
                                               [](Closed& end) { --end.size; }};
  for (const auto& lie : lies) {
    World world;
    exchange_something(world);
    world.cut();
    auto end = office::closed(world.a.pair().sent->row);
    lie(end);
    open_dishonestly(world.a, end);
    world.connect();
    world.run();
    CHECK(received_generation(world.b) == 1);
    CHECK(world.b.turned_away == "protocol");
    CHECK(world.b.why_closed.find("does not begin where") != std::string::npos);
    const auto stored =
        world.b.office->store().journals().of_pairing(world.b.pair().row.id).value();
    CHECK(stored.size() == 2);  // one each way, as before
  }
}

TEST_CASE("an office put back to before its renewal is an alarm and nothing of it is taken") {
  World world;
  exchange_something(world);
  world.cut();
  const auto old = world.a.disk();
  REQUIRE(renew(world, world.a).has_value());
  world.converge();
  REQUIRE(received_generation(world.b) == 2);
  world.cut();
  world.a.office.reset();
  world.a.put_disk(old);
  world.a.open();
  world.a.say("in the generation that is over");
  world.connect();
  world.run();
  CHECK(world.a.frozen());
  const auto alarms = world.b.office->alarms().list(false).value();
  REQUIRE(alarms.size() == 1);
  CHECK(alarms.front().code == "rewound");
  CHECK(world.b.pair().received->earlier.back().size() ==
        world.b.office->store().journals().of_pairing(world.b.pair().row.id).value()[1].size());
}

TEST_CASE("a name in an earlier generation is forgotten on both sides") {
  World world;
  exchange_something(world);
  const Said before = world.a.said.front();
  REQUIRE(renew(world, world.a).has_value());
  world.converge();
  REQUIRE(world.a.office->revoke_officer(1, identity::RevocationReason::kLeft, world.a.now)
              .has_value());
  REQUIRE(world.a.office->forget_officer(1, 7, world.a.now).has_value());
  world.cut();
  world.converge();
  CHECK(world.b.pair().received->row.refused == 0);
  CHECK(world.b.show(before.number).author.name.name.empty());
  world.b.restart();
  CHECK(world.b.show(before.number).author.name.name.empty());
  CHECK(world.b.show(before.number).content == before.content);
}

TEST_CASE("an erasure of a record in an earlier generation is refused and destroys nothing") {
  World world;
  exchange_something(world);
  const Said before = world.a.said.front();
  REQUIRE(renew(world, world.a).has_value());
  world.converge();
  world.cut();
  auto& store = world.a.office->store();
  auto transaction = store.begin().value();
  office::Writer writer(store, world.a.pair().sent->row,
                        world.a.office->clock().dating(world.a.now), world.a.pair().receipted());
  for (const std::uint64_t index : {std::uint64_t{0}, std::uint64_t{1'000}})
    REQUIRE(writer.add_record(journal::Erasure{index, "because", 0, 1}).has_value());
  REQUIRE(writer.finish().has_value());
  REQUIRE(transaction.commit().has_value());
  world.a.pair().sent->row = writer.row();
  world.converge();
  CHECK(world.b.pair().received->row.refused == 2);
  CHECK(world.b.show(before.number).content == before.content);
}

}  // namespace blo::sim
