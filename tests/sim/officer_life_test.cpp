// Officers and offices come to an end: what was said before stays, what comes after does not count.
#include <catch2/catch.hpp>

#include "office/writer.h"
#include "world.h"

namespace blo::sim {
namespace {

using identity::RevocationReason;

std::vector<std::string> alarms(Node& node) {
  std::vector<std::string> codes;
  for (const auto& alarm : node.office->alarms().list(false).value()) codes.push_back(alarm.code);
  return codes;
}

/// Appends a record to the journal of an office that does not keep to the rules.
void append(Node& node, const journal::Record& record) {
  auto& store = node.office->store();
  auto transaction = store.begin().value();
  office::Writer writer(store, node.pair().sent->row, node.office->clock().dating(node.now),
                        node.pair().received->head->checkpoint);
  REQUIRE(writer.add_record(record).has_value());
  REQUIRE(writer.finish().has_value());
  REQUIRE(transaction.commit().has_value());
  node.pair().sent->row = writer.row();
}

Bytes second_request(const Node& node, const crypto::SigningKey& key) {
  identity::CertificateRequest request{
      identity::CertificateKind::kOfficer, kNetwork, node.kit.id.text(), {}, {}, {}, {}};
  request.keys = {{identity::KeyUse::kOfficer, key.verify_key().bytes()}};
  request.name = {"Somebody", "Customs"};
  return request.sign(key);
}

bool contains(const std::vector<Bytes>& files, ByteView part) {
  return std::ranges::any_of(files, [&](const Bytes& file) {
    return std::search(file.begin(), file.end(), part.begin(), part.end()) != file.end();
  });
}

bool has_no_name(const office::MessageView& view) { return view.author.name.name.empty(); }

}  // namespace

TEST_CASE("a revoked officer's old certificate does not come back by being shown again") {
  World world;
  world.a.say("before");
  world.b.say("an answer");
  world.converge();
  const auto old = world.a.officer().certificate;
  REQUIRE(world.a.office->revoke_officer(1, RevocationReason::kKeyStolen, world.a.now).has_value());
  append(world.a, journal::CertificateRecord{old.bytes(), 0});
  world.cut();
  world.converge();
  CHECK(world.b.pair().received->row.refused == 1);
  CHECK(alarms(world.b) == std::vector<std::string>{"old-statement"});
  CHECK(alarms(world.a) == std::vector<std::string>{"refused-by-counterpart"});
  auto reader = office::reader_at_end(world.b.office->store(), world.b.pair()).value();
  CHECK(reader.officer(old.fingerprint()) == nullptr);
}

TEST_CASE("nothing is accepted from a revoked officer and everything before stays") {
  World world;
  const auto before = world.a.say("before");
  world.converge();
  const auto again = world.a.submission(alert("after"));
  REQUIRE(world.a.office->revoke_officer(1, RevocationReason::kLeft, world.a.now).has_value());
  const auto refused = world.a.office->outgoing().accept(
      world.a.pair(), world.a.officer().certificate.fingerprint(), {again}, nullptr, world.a.now);
  CHECK(refused.front().error() == office::OfficeError::kNotInForce);
  CHECK(world.a.office->revoke_officer(1, RevocationReason::kLeft, world.a.now).error() ==
        office::OfficeError::kRevoked);
  world.cut();
  world.converge();
  world.check_converged();
  CHECK(world.b.pair().received->row.refused == 0);
  CHECK(world.b.show(before.number).content == before.content);

  const auto key = crypto::SigningKey::generate();
  const auto* back =
      world.a.office->officers()
          .add(second_request(world.a, key), {identity::Role::kOperator}, 30, 1, world.a.now)
          .value();
  CHECK(back->certificate.details().statement >
        world.a.office->officers().revocation(1)->details().statement);
  CHECK(world.a.office->officers().in_force(*back, world.a.now.wall));
  world.a.restart();
  CHECK(world.a.office->officers().revocation(1) != nullptr);
  CHECK_FALSE(world.a.office->officers().in_force(world.a.office->officers().all().front(),
                                                  world.a.now.wall));
}

TEST_CASE("a forgotten name leaves nothing on either disk, not even sealed") {
  World world;
  const auto message = world.a.say("before");
  world.converge();
  const auto introduced =
      world.a.office->store().journals().body(world.a.pair().sent->row, 1).value();
  REQUIRE(introduced.content_key.has_value());
  REQUIRE(
      (contains(world.a.disk(), introduced.sealed) && contains(world.b.disk(), introduced.sealed)));
  CHECK(world.a.office->forget_officer(1, 0, world.a.now).error() ==
        office::OfficeError::kNotRevoked);
  REQUIRE(world.a.office->revoke_officer(1, RevocationReason::kLeft, world.a.now).has_value());
  REQUIRE(world.a.office->forget_officer(1, 7, world.a.now).has_value());
  CHECK_FALSE(contains(world.a.disk(), introduced.sealed));
  world.cut();
  world.converge();
  CHECK_FALSE(contains(world.b.disk(), introduced.sealed));
  CHECK(has_no_name(world.a.show(message.number)));
  CHECK(has_no_name(world.b.show(message.number)));
  world.b.restart();
  world.a.restart();
  CHECK(has_no_name(world.a.show(message.number)));
  CHECK(has_no_name(world.b.show(message.number)));
  CHECK(world.b.show(message.number).content == message.content);
}

TEST_CASE("an erasure of an entry without a body is refused and destroys nothing") {
  World world;
  const auto message = world.a.say("before");
  world.b.say("an answer");
  world.converge();
  append(world.a, journal::Erasure{0, "because", 0});
  world.cut();
  world.converge();
  CHECK(world.b.pair().received->row.refused == 1);
  CHECK(world.b.show(message.number).content == message.content);
}

TEST_CASE("a clock of another decade signs nothing and loses nothing") {
  World world;
  world.a.say("before");
  world.converge();
  world.cut();
  const auto size = world.a.sent_size();
  const Now far{world.a.now.wall + std::chrono::days(12 * 366), world.a.now.steady};

  // Its own clock: nothing is accepted, entered, announced or erased under it.
  CHECK_FALSE(world.a.office->outgoing()
                  .accept(world.a.pair(), world.a.officer().certificate.fingerprint(),
                          {world.a.submission(alert("in 2036"))}, nullptr, far)
                  .front()
                  .has_value());
  CHECK(world.a.office->revoke_officer(1, RevocationReason::kLeft, far).error() ==
        office::OfficeError::kNoValidTime);
  CHECK(world.a.office->trail().enter(office::TrailEntry(), far).error() ==
        office::OfficeError::kNoValidTime);
  CHECK_FALSE(world.a.office->date_trail(far).value());
  CHECK(world.a.office->announce_expiries(far).has_value());
  CHECK(world.a.sent_size() == size);
  CHECK(alarms(world.a).empty());

  // The counterpart's: the session ends before anything is compared or signed.
  world.a.meddle = [&](sync::Frame& frame) {
    if (auto* hello = std::get_if<sync::Hello>(&frame)) hello->time_ms = to_unix_ms(far.wall);
  };
  world.a.say("while the clock was wrong");
  world.connect();
  world.run();
  CHECK(world.b.received_size() == size);
  CHECK(alarms(world.b) == std::vector<std::string>{"clock-skew"});
  world.cut();
  world.connect();
  world.run();
  CHECK(alarms(world.b).size() == 1);
  world.cut();

  world.a.meddle = {};
  world.converge();
  world.check_converged();
}

TEST_CASE("a clock that jumps under a running office is an alarm") {
  World world;
  auto& office = *world.a.office;
  const Now now = world.a.now;
  REQUIRE(office.watch_clock(now).has_value());
  REQUIRE(office.watch_clock({now.wall + std::chrono::hours(20), now.steady}).has_value());
  CHECK(alarms(world.a).empty());
  REQUIRE(office.watch_clock({now.wall + std::chrono::days(4000), now.steady}).has_value());
  CHECK(alarms(world.a) == std::vector<std::string>{"clock-skew"});
}

TEST_CASE("the revocation of an office ends the pairing here whatever the office does") {
  World world;
  world.a.say("before");
  world.b.say("an answer");
  world.converge();
  identity::RevocationDetails details;
  details.kind = identity::CertificateKind::kOffice;
  details.network = kNetwork;
  details.subject = "TJ-FOTEHOBOD";
  details.statement = 9;
  details.reason = RevocationReason::kKeyStolen;
  details.time = world.a.now.wall;
  details.issuer = world.b.kit.authority.fingerprint();
  const auto key = crypto::SigningKey::from_seed(
      crypto::Key(crypto::sha256(as_bytes(std::string("TJ authority")))));
  const auto revocation = identity::Revocation::issue(details, key);
  const auto forged = identity::Revocation::issue(details, crypto::SigningKey::generate());
  CHECK_FALSE(world.a.office->revoke_counterpart(forged.bytes(), world.a.now).has_value());
  const auto received = world.a.received_size();
  REQUIRE(world.a.office->revoke_counterpart(revocation.bytes(), world.a.now).has_value());

  CHECK(world.a.pair().row.state == store::PairingState::kEnded);
  CHECK(alarms(world.a) == std::vector<std::string>{"revoked-office"});
  const auto last = world.a.office->store()
                        .journals()
                        .entry(world.a.pair().sent->row, world.a.sent_size() - 1)
                        .value();
  const auto stamp = journal::Entry::parse(last.leaf).value().stamp;
  CHECK((stamp.generation == 1 && stamp.size == received));
  // The session that is still open brings nothing more.
  world.b.say("after");
  world.run();
  CHECK(world.a.received_size() == received);
  const auto transport = world.b.kit.certificate.details().dh_key(identity::KeyUse::kTransport);
  CHECK(world.a.office->find_by_transport_key(*transport) == nullptr);
  CHECK(world.a.office->psks(*transport).empty());

  details.statement = 8;
  const auto older = identity::Revocation::issue(details, key);
  CHECK(world.a.office->revoke_counterpart(older.bytes(), world.a.now).error() ==
        office::OfficeError::kOldStatement);
  CHECK(alarms(world.a) == std::vector<std::string>{"revoked-office", "old-statement"});
  world.a.hang_up();
  world.cut();
  world.a.restart();
  CHECK(world.a.pair().row.state == store::PairingState::kEnded);
}

TEST_CASE("certificates are announced 60 and 30 and 7 days before they end and each once") {
  World world;
  auto& office = *world.a.office;
  const WallTime end = world.a.officer().certificate.details().not_after;
  const auto after = [&](int days_before) {
    REQUIRE(office.announce_expiries({end - std::chrono::days(days_before), world.a.now.steady})
                .has_value());
    return alarms(world.a).size();
  };
  CHECK(after(61) == 0);
  CHECK(after(59) == 1);
  CHECK(after(58) == 1);
  CHECK(after(30) == 2);
  CHECK(after(6) == 3);
  REQUIRE(office.alarms()
              .acknowledge(3, world.a.officer(), "a new one is made", world.a.now)
              .has_value());
  CHECK(after(5) == 2);
  const auto all = office.alarms().list(true).value();
  CHECK(all.front().code == "certificate-expires");
  CHECK(all.front().subject.starts_with("officer 1 until "));
  CHECK(all.front().subject.ends_with("(60 days)"));
}

}  // namespace blo::sim
