// Officers certified, revoked and forgotten around the time of an old store: who may speak may, and
// what was destroyed stays destroyed.
#include <catch2/catch.hpp>

#include "office/records.h"
#include "old_store.h"

namespace blo::sim {
namespace {

Bytes second_request(const Node& node, const crypto::SigningKey& key) {
  identity::CertificateRequest request{
      identity::CertificateKind::kOfficer, kNetwork, node.kit.id.text(), {}, {}, {}, {}};
  request.keys = {{identity::KeyUse::kOfficer, key.verify_key().bytes()}};
  request.name = {"Somebody", "Customs"};
  return request.sign(key);
}

/// The officer's next certificate.
identity::Fingerprint certify_again(Node& node, const crypto::SigningKey& key) {
  const auto added = node.office->officers().add(
      second_request(node, key), {identity::Role::kOperator}, 365, node.officer().person, node.now);
  return added.value()->certificate.fingerprint();
}

/// A message of the same person's, under a certificate that is made for it.
void say_under_another_certificate(Node& node) {
  const auto key = crypto::SigningKey::generate();
  const auto renewed = certify_again(node, key);
  auto made = node.submission(alert("under the renewed certificate"));
  auto envelope = journal::Envelope::parse(made.envelope).value();
  envelope.officer = renewed;
  made.envelope = envelope.encode();
  made.signature = crypto::sign(crypto::Purpose::kEnvelope, key, {made.envelope});
  REQUIRE(node.office->outgoing()
              .accept(node.pair(), renewed, {made}, nullptr, node.now)
              .front()
              .has_value());
}

}  // namespace

TEST_CASE("the name of an officer certified again is not destroyed") {
  World world;
  exchange(world, 1);
  auto& office = *world.a.office;
  world.cut();
  REQUIRE(office.revoke_officer(1, identity::RevocationReason::kLeft, world.a.now).has_value());
  REQUIRE(office.forget_officer(1, 0, world.a.now).has_value());
  world.pass(seconds(5));
  certify_again(world.a, crypto::SigningKey::generate());
  const auto old = copy_of(world, world.a);  // nothing of it has left
  world.converge();
  REQUIRE(
      world.a.office->date_trail({world.a.now.wall + std::chrono::hours(30), world.a.now.steady})
          .has_value());
  world.cut();
  world.converge();
  put_back(world, world.a, old);
  give_back(world, world.a);
  go_on(world.a);
  CHECK(world.a.office->officers().newest(1)->name.name == "Somebody");
  world.a.restart();
  CHECK(world.a.office->officers().newest(1)->name.name == "Somebody");
}

TEST_CASE("what an officer wrote before the revocation is said before it") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.a);
  exchange(world, 1);
  put_back(world, world.a, old);
  world.a.say("written while in force");
  REQUIRE(world.a.office->revoke_officer(1, identity::RevocationReason::kLeft, world.a.now)
              .has_value());
  give_back(world, world.a);
  CHECK(go_on(world.a).reentered == 1);
  world.converge();
  CHECK(world.b.pair().received->row.refused == 0);
}

TEST_CASE("an officer given back in a transaction that failed is not lost") {
  World world;
  auto& office = *world.a.office;
  const auto key = crypto::SigningKey::generate();
  const auto old = world.a.disk();
  const auto* added =
      office.officers()
          .add(second_request(world.a, key), {identity::Role::kOperator}, 365, 0, world.a.now)
          .value();
  store::OfficerRow row{added->person, added->certificate, added->name, added->name_salt};
  put_back(world, world.a, old);
  auto& again = *world.a.office;
  {
    auto failed = again.store().begin().value();
    REQUIRE(again.officers()
                .restore(store::OfficerRow{row.person, row.certificate, row.name, row.name_salt})
                .has_value());
  }  // the disk was full
  {
    auto transaction = again.store().begin().value();
    again.officers().begin_restoring();
    REQUIRE(again.officers().restore(std::move(row)).has_value());
    REQUIRE(transaction.commit().has_value());
    again.officers().keep_restored();
  }
  CHECK(again.officers().newest(2) != nullptr);
  world.a.restart();
  CHECK(world.a.office->officers().newest(2) != nullptr);
}

TEST_CASE("a forgotten name does not come back with a certificate that was lost") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.a);
  world.pass(seconds(2));
  say_under_another_certificate(world.a);
  world.cut();
  world.converge();
  put_back(world, world.a, old);
  world.pass(seconds(2));
  REQUIRE(world.a.office->revoke_officer(1, identity::RevocationReason::kLeft, world.a.now)
              .has_value());
  REQUIRE(world.a.office->forget_officer(1, 0, world.a.now).has_value());
  CHECK(world.a.office->officers().newest(1)->name.name.empty());
  give_back(world, world.a);
  go_on(world.a);
  world.cut();
  world.converge();
  for (const auto& officer : world.a.office->officers().all()) {
    CHECK(world.a.office->officers().state(officer, world.a.now.wall) ==
          office::OfficerState::kRevoked);
    CHECK(officer.name.name.empty());
  }
  for (const auto& [fingerprint, author] : world.b.pair().received->authors)
    CHECK(author.name.name.empty());
}

TEST_CASE("what an officer wrote who was revoked and certified again is said after both") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.a);
  exchange(world, 1);
  put_back(world, world.a, old);
  world.a.say("before");
  REQUIRE(world.a.office->revoke_officer(1, identity::RevocationReason::kKeyLost, world.a.now)
              .has_value());
  world.pass(seconds(2));
  say_under_another_certificate(world.a);
  give_back(world, world.a);
  CHECK(go_on(world.a).reentered == 2);
  world.converge();
  CHECK(world.b.pair().received->row.refused == 0);
}

TEST_CASE("nothing is sent in the name of an officer whose revocation was lost and is given back") {
  World world;
  exchange(world, 1);
  const auto old = copy_of(world, world.a);
  REQUIRE(world.a.office->revoke_officer(1, identity::RevocationReason::kKeyStolen, world.a.now)
              .has_value());
  world.converge();
  put_back(world, world.a, old);
  world.a.say("by who may not speak any more");
  give_back(world, world.a);
  const auto recovered = world.a.office->recover(world.a.pair(), world.a.now).value();
  CHECK((recovered.reentered == 0 && recovered.left_out == 1));
  world.cut();
  world.converge();
  CHECK(world.b.pair().received->row.refused == 0);
}

TEST_CASE("who was revoked while the pairing was frozen by hand is revoked there afterwards") {
  World world;
  exchange(world, 1);
  world.cut();
  const Said named = world.a.said.front();
  REQUIRE(office::freeze_by_hand(world.a.office->store(), world.a.pair(), "why").has_value());
  REQUIRE(world.a.office->revoke_officer(1, identity::RevocationReason::kLeft, world.a.now)
              .has_value());
  REQUIRE(world.a.office->forget_officer(1, 0, world.a.now).has_value());
  office::Comparison comparison;
  comparison.digits = identity::pairing_digits(world.a.pair().ours, *world.a.pair().theirs);
  comparison.how = "telephone";
  REQUIRE(world.a.office->confirm(world.b.kit.id, comparison, world.a.now).has_value());
  const auto size = world.a.sent_size();
  world.converge();
  CHECK(world.b.show(named.number).author.name.name.empty());
  CHECK(world.b.pair().received->row.refused == 0);
  CHECK(world.b.office->store()
            .journals()
            .records(world.b.pair().received->row, store::RecordKind::kRevocation)
            .value()
            .size() == 1);
  REQUIRE(world.a.office->catch_up(world.a.pair(), world.a.now).has_value());
  CHECK(world.a.sent_size() == size);  // said once
}

}  // namespace blo::sim
