// Opened and acted between two offices, and what is said where they do not come.
#include <catch2/catch.hpp>

#include "message/steps.h"
#include "office/challenge.h"
#include "office/overdue.h"
#include "world.h"

namespace blo::sim {
namespace {

using office::MessageState;
using office::OfficeError;

office::Submission step(Node& node, std::uint32_t kind, const Bytes& content,
                        const MessageId& answered) {
  office::Submission made;
  made.content = content;
  made.salt = crypto::sha256(as_bytes("salt of a step"));
  auto envelope = node.envelope_for(made.content, made.salt);
  envelope.kind = kind;
  envelope.in_reply_to = answered;
  if (kind == message::kOpened) made.salt = derive_fields(envelope, node.officer().person);
  made.envelope = envelope.encode();
  made.signature = crypto::sign(crypto::Purpose::kEnvelope, node.kit.officer, {made.envelope});
  return made;
}

Result<office::Acceptance> hand_in(Node& node, const office::Submission& made) {
  auto outcomes = node.office->outgoing().accept(
      node.pair(), node.officer().certificate.fingerprint(), {made}, nullptr, node.now);
  if (node.end && node.end->peer) node.end->peer->pump(node.now);
  return outcomes.front();
}

Result<office::Acceptance> open_message(Node& node, const MessageId& id) {
  return hand_in(node, step(node, message::kOpened, message::opened_content(), id));
}

Result<office::Acceptance> act_on(Node& node, const MessageId& id, const std::string& outcome) {
  return hand_in(
      node, step(node, message::kActed, message::acted_content(outcome, "as told").value(), id));
}

std::vector<std::string> alarms(Node& node) {
  std::vector<std::string> open;
  for (const auto& alarm : node.office->alarms().list(false).value()) open.push_back(alarm.code);
  return open;
}

void acknowledge(Node& node) {
  for (const auto& alarm : node.office->alarms().list(false).value())
    REQUIRE(
        node.office->alarms().acknowledge(alarm.id, node.officer(), "seen", node.now).has_value());
}

}  // namespace

TEST_CASE("a message goes from queued to acted and both sides see each step") {
  World world;
  const Said said = world.a.say("a van");
  CHECK(world.a.show(said.number).state == MessageState::kQueued);
  world.converge();
  CHECK(world.a.show(said.number).state == MessageState::kReceipted);
  CHECK(world.b.show(said.number).state == MessageState::kReceived);

  const auto opened = open_message(world.b, said.id).value();
  world.converge();
  for (Node* node : {&world.a, &world.b}) {
    const auto view = node->show(said.number);
    CHECK(view.state == MessageState::kOpened);
    REQUIRE(view.steps.size() == 1);
    CHECK(view.steps[0].number == opened.number);
    CHECK(view.steps[0].officer.person == 1);
    CHECK(node->show(opened.number).in_reply_to == said.number);
  }

  REQUIRE(act_on(world.b, said.id, "in-progress").has_value());
  REQUIRE(act_on(world.b, said.id, "hit").has_value());
  world.converge();
  world.crash(world.a);
  for (Node* node : {&world.a, &world.b}) {
    const auto view = node->show(said.number);
    CHECK(view.state == MessageState::kActed);
    REQUIRE(view.steps.size() == 3);
    CHECK(view.steps[1].outcome == "in-progress");
    CHECK(view.steps[2].outcome == "hit");
    CHECK(view.steps[2].text == "as told");
  }
}

TEST_CASE("a message is opened once whoever opens it and however often the office restarts") {
  World world;
  const Said said = world.a.say("a van");
  world.converge();
  const auto first = open_message(world.b, said.id).value();
  CHECK_FALSE(first.again);
  world.crash(world.b);
  const auto second = open_message(world.b, said.id).value();
  CHECK(second.again);
  CHECK(second.number == first.number);
  world.converge();
  world.cut();
  REQUIRE(world.b.office->open_next_generation(world.b.pair(), world.b.now).has_value());
  const auto third = open_message(world.b, said.id).value();
  CHECK(third.again);
  CHECK(third.number == first.number);
  world.converge();
  CHECK(world.a.show(said.number).steps.size() == 1);
}

TEST_CASE("an old store learns again what became of messages and opens nothing twice") {
  World world;
  const Said ours = world.a.say("a van");
  const Said theirs = world.b.say("a lorry");
  world.converge();
  world.cut();
  const auto old = world.a.disk();
  const auto first = open_message(world.a, theirs.id).value();
  REQUIRE(open_message(world.b, ours.id).has_value());
  REQUIRE(act_on(world.b, ours.id, "hit").has_value());
  world.converge();
  world.cut();
  world.a.office.reset();
  world.a.put_disk(old);
  world.a.open();
  CHECK(world.a.show(ours.number).state == MessageState::kReceipted);
  CHECK_FALSE(open_message(world.a, theirs.id).value().again);  // as far as the old store knows
  world.connect();
  world.run();
  REQUIRE(world.a.pair().row.recovery == store::Recovery::kRecovered);
  CHECK(world.a.office->recover(world.a.pair(), world.a.now).value().reentered == 0);
  world.converge();
  for (Node* node : {&world.a, &world.b}) {
    const auto acted = node->show(ours.number);
    CHECK(acted.state == MessageState::kActed);
    CHECK(acted.steps.size() == 2);
    const auto opened = node->show(theirs.number);
    CHECK(opened.state == MessageState::kOpened);
    REQUIRE(opened.steps.size() == 1);
    CHECK(opened.steps[0].number == first.number);
  }
  CHECK(open_message(world.a, theirs.id).value().number == first.number);
}

TEST_CASE("only what was received and is no step itself is opened or acted upon") {
  World world;
  const Said theirs = world.a.say("theirs");
  const Said own = world.b.say("own");
  world.converge();
  const auto opened = open_message(world.b, theirs.id).value();
  const auto entry = world.b.show(opened.number);
  for (const auto& id : {own.id, MessageId{1}, entry.envelope->message_id}) {
    CHECK(open_message(world.b, id).error() == OfficeError::kNotFound);
    CHECK(act_on(world.b, id, "no-hit").error() == OfficeError::kNotFound);
  }
  world.converge();
  // And the sender does not open what it was told.
  CHECK(open_message(world.a, entry.envelope->message_id).error() == OfficeError::kNotFound);
}

TEST_CASE("what is overdue is one alarm for a counterpart and quiet once acknowledged") {
  World world;
  office::ReceiptTimes times;
  times.stored.fill(std::chrono::hours(1));
  times.opened.fill(std::chrono::hours(2));
  times.acted.fill(std::chrono::hours(3));
  const auto look = [&] {
    REQUIRE(office::announce_overdue(*world.a.office, times, world.a.now).has_value());
    return alarms(world.a);
  };
  std::vector<Said> said;
  for (int i = 0; i < 500; ++i) said.push_back(world.a.say("while the line is down"));
  CHECK(look().empty());
  world.pass(std::chrono::minutes(61));
  CHECK(look() == std::vector<std::string>{"receipt-overdue"});
  const auto alarm = world.a.office->alarms().list(false).value().front();
  CHECK(alarm.subject == "TJ-FOTEHOBOD");
  CHECK(alarm.sentence == "500 messages to TJ-FOTEHOBOD have no receipt yet; the oldest is " +
                              said.front().number.text());
  CHECK(look().size() == 1);
  acknowledge(world.a);
  CHECK(look().empty());
  world.a.restart();
  CHECK(look().empty());
  said.push_back(world.a.say("one more"));
  world.pass(std::chrono::minutes(61));
  CHECK(look() == std::vector<std::string>{"receipt-overdue"});
  acknowledge(world.a);

  world.converge();  // stored now: two hours from here it should have been opened
  world.pass(std::chrono::minutes(119));
  CHECK(look().empty());
  for (std::size_t i = 0; i + 1 < said.size(); ++i)
    REQUIRE(act_on(world.b, said[i].id, "no-hit").has_value());
  world.converge();
  world.pass(std::chrono::minutes(2));
  CHECK(look() == std::vector<std::string>{"opening-overdue"});
  CHECK(world.a.office->alarms().list(false).value().front().sentence ==
        "Message " + said.back().number.text() + " is stored there and nobody has opened it");
  acknowledge(world.a);

  REQUIRE(open_message(world.b, said.back().id).has_value());
  world.converge();
  world.pass(std::chrono::minutes(179));
  CHECK(look().empty());
  world.pass(std::chrono::minutes(2));
  CHECK(look() == std::vector<std::string>{"outcome-overdue"});
  acknowledge(world.a);
  world.pass(std::chrono::hours(24));
  CHECK(look().empty());
}

TEST_CASE("a challenge that waits for its receipt is not entered twice and a new one is") {
  World world;
  const auto challenge = [&](const std::string& text) {
    return office::enter_challenge(*world.a.office, world.a.pair(), text, world.a.now);
  };
  const auto first = challenge("audit 2024-03").value();
  CHECK(challenge("audit 2024-03").value() == first);
  CHECK(challenge("another").value() == first + 1);
  world.a.restart();
  CHECK(challenge("audit 2024-03").value() == first);
  world.converge();
  world.check_converged();
  CHECK(world.b.pair().received->row.refused == 0);
  CHECK(challenge("audit 2024-03").value() > first + 1);
  for (const auto& wrong :
       {std::string(), std::string(101, 'x'), std::string("\n"), std::string("\xd0\x90")}) {
    CHECK(challenge(wrong).error() == OfficeError::kMalformed);
  }
}

}  // namespace blo::sim
