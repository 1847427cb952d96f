#include "office/outgoing.h"

#include <catch2/catch.hpp>

#include "../../sim/world.h"

namespace blo::office {
namespace {

using sim::alert;
using sim::Node;
using sim::World;

std::vector<Result<Acceptance>> hand_in(Node& node, const std::vector<Submission>& submissions) {
  return node.office->outgoing().accept(node.pair(), node.officer().certificate.fingerprint(),
                                        submissions, nullptr, node.now);
}

/// A submission whose envelope was changed and then signed by the officer.
Submission changed(Node& node, const std::function<void(journal::Envelope&)>& change) {
  auto made = node.submission(alert("changed"));
  auto envelope = journal::Envelope::parse(made.envelope).value();
  change(envelope);
  made.envelope = envelope.encode();
  made.signature = crypto::sign(crypto::Purpose::kEnvelope, node.kit.officer, {made.envelope});
  return made;
}

/// The one submission is refused for that reason and leaves nothing.
void check_refused(Node& node, const Submission& submission, OfficeError reason) {
  const auto before = node.sent_size();
  const auto outcome = hand_in(node, {submission}).front();
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error() == reason);
  CHECK(node.sent_size() == before);
  node.restart();
  CHECK(node.sent_size() == before);
}

}  // namespace

TEST_CASE("an officer is introduced before the first message and only then") {
  World world;
  CHECK(world.a.say("first").number.text() == "UZ-OYBEK/TJ-FOTEHOBOD/2");
  CHECK(world.a.say("second").number.index == 3);
  world.a.restart();
  CHECK(world.a.say("third").number.index == 4);
}

TEST_CASE("each submission of a request is judged alone") {
  World world;
  auto bad = world.a.submission(alert("bad"));
  bad.signature[0] ^= 1U;
  const auto good = world.a.submission(alert("good"));
  const auto also_good = world.a.submission(alert("good, too"));
  const auto outcomes = hand_in(world.a, {bad, good, also_good});
  REQUIRE(outcomes.size() == 3);
  CHECK(outcomes[0].error() == OfficeError::kBadSignature);
  CHECK(outcomes[1].value().number.index == 2);
  CHECK(outcomes[2].value().number.index == 3);
  world.converge();
  CHECK(world.b.received_size() == 4);
}

TEST_CASE("a request of refused submissions introduces nobody") {
  World world;
  auto bad = world.a.submission(alert("bad"));
  bad.signature[0] ^= 1U;
  check_refused(world.a, bad, OfficeError::kBadSignature);
}

TEST_CASE("the same message again has the same number") {
  World world;
  const auto made = world.a.submission(alert("once"));
  const auto outcomes = hand_in(world.a, {made, made});
  CHECK_FALSE(outcomes[0].value().again);
  REQUIRE(outcomes[1].has_value());
  CHECK(outcomes[1]->again);
  CHECK(outcomes[1]->number == outcomes[0]->number);
  CHECK(hand_in(world.a, {made}).front().value().number == outcomes[0]->number);
  CHECK(world.a.sent_size() == 3);
}

TEST_CASE("another message under a used id is refused") {
  World world;
  const auto said = world.a.say("the first with this id");
  check_refused(world.a, changed(world.a, [&](auto& envelope) { envelope.message_id = said.id; }),
                OfficeError::kDuplicate);
  const auto theirs = world.b.say("theirs");
  world.converge();
  world.cut();
  check_refused(world.a, changed(world.a, [&](auto& envelope) { envelope.message_id = theirs.id; }),
                OfficeError::kDuplicate);
}

TEST_CASE("a row of a table is sent once whatever its message says") {
  World world;
  auto first = world.a.submission(alert("row 1"));
  first.import_key = Bytes(32, 1);
  auto second = world.a.submission(alert("row 1, imported again"));
  second.import_key = first.import_key;
  auto other = world.a.submission(alert("row 2"));
  other.import_key = Bytes(32, 2);
  const auto number = hand_in(world.a, {first}).front().value().number;
  world.a.restart();
  const auto outcomes = hand_in(world.a, {second, other});
  CHECK(outcomes[0].value().again);
  CHECK(outcomes[0].value().number == number);
  CHECK_FALSE(outcomes[1].value().again);
}

TEST_CASE("an envelope of another office or network or for another counterpart is refused") {
  World world;
  const auto elsewhere = OfficeId::parse("KG-KARAMYK").value();
  check_refused(world.a, changed(world.a, [](auto& it) { it.network = Network::kLive; }),
                OfficeError::kWrongOffice);
  check_refused(world.a, changed(world.a, [&](auto& it) { it.from = elsewhere; }),
                OfficeError::kWrongOffice);
  check_refused(world.a, changed(world.a, [&](auto& it) { it.to = elsewhere; }),
                OfficeError::kWrongOffice);
}

TEST_CASE("who may not send is told so") {
  World world;
  auto& node = world.a;
  check_refused(node, changed(node, [](auto& it) { it.officer[0] ^= 1U; }),
                OfficeError::kUnknownOfficer);
  const auto made = node.submission(alert("by nobody"));
  const auto outcomes = node.office->outgoing().accept(node.pair(), identity::Fingerprint{1},
                                                       {made, made}, nullptr, node.now);
  REQUIRE(outcomes.size() == 2);
  CHECK(outcomes[1].error() == OfficeError::kUnknownOfficer);

  node.now.wall += std::chrono::days(366);  // past the officer's certificate
  check_refused(node, node.submission(alert("late")), OfficeError::kNotAuthorised);
}

TEST_CASE("an officer without the role operator may not send") {
  World world;
  auto& node = world.a;
  const auto auditor = crypto::SigningKey::generate();
  identity::CertificateRequest request{
      identity::CertificateKind::kOfficer, sim::kNetwork, node.kit.id.text(), {}, {}, {}, {}};
  request.keys = {{identity::KeyUse::kOfficer, auditor.verify_key().bytes()}};
  request.name = {"Someone Else", "Customs"};
  const auto* added = node.office->officers()
                          .add(request.sign(auditor), {identity::Role::kAuditor}, 30, 0, node.now)
                          .value();
  const auto fingerprint = added->certificate.fingerprint();
  auto made = changed(node, [&](auto& it) { it.officer = fingerprint; });
  made.signature = crypto::sign(crypto::Purpose::kEnvelope, auditor, {made.envelope});
  const auto outcome =
      node.office->outgoing().accept(node.pair(), fingerprint, {made}, nullptr, node.now).front();
  CHECK(outcome.error() == OfficeError::kNotAuthorised);
}

TEST_CASE("content and envelope must agree") {
  World world;
  auto& node = world.a;
  auto other_content = node.submission(alert("as signed"));
  other_content.content = alert("as handed in");
  check_refused(node, other_content, OfficeError::kMismatch);
  auto other_salt = node.submission(alert("as signed"));
  other_salt.salt[0] ^= 1U;
  check_refused(node, other_salt, OfficeError::kMismatch);
  check_refused(node, changed(node, [](auto& it) { it.padded_bytes += 8; }),
                OfficeError::kMismatch);
  check_refused(node,
                changed(node,
                        [](auto& it) {
                          it.attachments = {{{}, 36}};
                        }),
                OfficeError::kMismatch);
}

TEST_CASE("content that is no valid message of its kind is refused") {
  World world;
  const auto outcome = hand_in(world.a, {world.a.submission(to_bytes("\x0a\x02hi"))}).front();
  CHECK_FALSE(outcome.has_value());
  const auto unknown = hand_in(world.a, {changed(world.a, [](auto& it) { it.kind = 99; })}).front();
  CHECK_FALSE(unknown.has_value());
  CHECK(world.a.sent_size() == 1);
}

TEST_CASE("a message that is over already is refused") {
  World world;
  auto& node = world.a;
  const auto created = node.now.wall - std::chrono::hours(2);
  check_refused(node,
                changed(node,
                        [&](auto& it) {
                          it.created = created;
                          it.expires = node.now.wall;
                        }),
                OfficeError::kExpired);
  const auto outcome =
      hand_in(node, {changed(node, [&](auto& it) { it.expires = node.now.wall + seconds(1); })});
  CHECK(outcome.front().has_value());
}

TEST_CASE("an envelope out of form is an error and no crash") {
  World world;
  auto made = world.a.submission(alert("out of form"));
  for (const Bytes& envelope : {Bytes(), to_bytes("envelope"), Bytes(20'000, 0x0a)}) {
    made.envelope = envelope;
    CHECK_FALSE(hand_in(world.a, {made}).front().has_value());
  }
}

TEST_CASE("stamps do not go back when the clock does") {
  World world;
  world.a.say("at noon");
  world.a.now.wall -= std::chrono::hours(3);
  world.a.say("the clock was set back");
  const auto stamp = [&](std::uint64_t index) {
    return journal::Entry::parse(
               world.a.office->store().journals().entry(world.a.pair().sent->row, index)->leaf)
        .value()
        .stamp;
  };
  CHECK(stamp(3).follows(stamp(2)));
  CHECK(stamp(3).time == stamp(2).time);
  world.converge();
  CHECK(world.b.pair().received->row.refused == 0);
}

}  // namespace blo::office
