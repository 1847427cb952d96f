// What is overdue under clocks that are wrong for a while, and what came after its time.
#include "office/overdue.h"

#include <catch2/catch.hpp>

#include "office/arrived_expired.h"
#include "world.h"

namespace blo::sim {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

/// A world whose UZ-OYBEK has an officer for three years, and looks at what is overdue.
struct Watched {
  Watched() {
    auto request = identity::CertificateRequest::parse(world.a.kit.officer_request()).value();
    request.keys = {{identity::KeyUse::kOfficer, key.verify_key().bytes()}};
    officer = world.a.office->officers()
                  .add(request.sign(key), {identity::Role::kOperator}, 1'000, 0, world.a.now)
                  .value()
                  ->certificate.fingerprint();
    look();
  }

  Said say(journal::Precedence precedence, std::optional<milliseconds> valid_for = {}) {
    Node& node = world.a;
    office::Submission made;
    made.content = alert("a van");
    made.salt = crypto::sha256(as_bytes("salt"));
    auto envelope = node.envelope_for(made.content, made.salt);
    envelope.officer = officer;
    envelope.precedence = precedence;
    if (valid_for) envelope.expires = node.now.wall + *valid_for;
    made.envelope = envelope.encode();
    made.signature = crypto::sign(crypto::Purpose::kEnvelope, key, {made.envelope});
    auto outcome = node.office->outgoing().accept(node.pair(), officer, {made}, nullptr, node.now);
    if (node.end && node.end->peer) node.end->peer->pump(node.now);
    return {outcome.front().value().number, envelope.message_id, made.content};
  }
  std::vector<std::string> look() {
    REQUIRE(office::announce_overdue(*world.a.office, {}, world.a.now).has_value());
    std::vector<std::string> open;
    for (const auto& alarm : world.a.office->alarms().list(false).value())
      open.push_back(alarm.code);
    return open;
  }
  /// Looks now and then, as a daemon does.
  std::vector<std::string> pass(milliseconds time) {
    for (milliseconds done(0); done < time; done += seconds(30)) {
      world.pass(std::min<milliseconds>(seconds(30), time - done));
      look();
    }
    return look();
  }
  void move_clock(milliseconds by) { world.a.now.wall += by; }
  /// The machine is off: nothing happens but that time goes by.
  void off_for(milliseconds time) {
    world.a.office.reset();
    move_clock(time);
    world.a.open();
    look();
  }
  void acknowledge() {
    for (const auto& alarm : world.a.office->alarms().list(false).value()) {
      const auto done =
          world.a.office->alarms().acknowledge(alarm.id, world.a.officer(), "seen", world.a.now);
      REQUIRE(done.has_value());
    }
  }

  World world;
  crypto::SigningKey key = crypto::SigningKey::generate();
  identity::Fingerprint officer;
};

using Codes = std::vector<std::string>;
const Codes kReceiptOverdue{"receipt-overdue"};
const Codes kOpeningOverdue{"opening-overdue"};

constexpr auto kFlash = journal::Precedence::kFlash;
constexpr auto kRoutine = journal::Precedence::kRoutine;

}  // namespace

TEST_CASE(
    "an alert entered under a clock 400 days ahead is overdue in time once the clock is right") {
  Watched at;
  at.move_clock(days(400));
  at.say(kFlash);
  at.pass(seconds(8));
  at.move_clock(-days(400));
  CHECK(at.pass(minutes(14)).empty());
  CHECK(at.pass(minutes(2)) == kReceiptOverdue);
}

TEST_CASE("an alert entered under a clock that is behind is not overdue before its time") {
  Watched at;
  at.move_clock(-days(5));
  at.say(kFlash);
  at.move_clock(days(5));
  CHECK(at.pass(minutes(14)).empty());
  CHECK(at.pass(minutes(2)) == kReceiptOverdue);
}

TEST_CASE("a clock that goes back a year for a minute neither hides nor invents what is overdue") {
  Watched at;
  at.say(kFlash);
  CHECK(at.pass(minutes(5)).empty());
  at.move_clock(-days(365));
  CHECK(at.pass(minutes(1)).empty());
  at.move_clock(days(365));
  CHECK(at.pass(minutes(8)).empty());
  CHECK(at.pass(minutes(2)) == kReceiptOverdue);
}

TEST_CASE("an office that is started anew every hour and was off for days says what is overdue") {
  Watched at;
  at.say(kRoutine);
  for (int hour = 0; hour < 20; ++hour) {
    CHECK(at.pass(hours(1)).empty());
    at.off_for(seconds(1));
  }
  at.off_for(days(3));
  CHECK(at.look().empty());  // the clock may be wrong
  CHECK(at.pass(minutes(6)) == kReceiptOverdue);
}

TEST_CASE(
    "an office that starts under a clock 400 days ahead for a moment says nothing too early") {
  Watched at;
  at.say(kRoutine);
  CHECK(at.pass(hours(1)).empty());
  at.off_for(days(400));
  CHECK(at.pass(seconds(30)).empty());
  at.move_clock(-days(400));
  CHECK(at.pass(hours(24)).empty());
  CHECK(at.pass(hours(2)) == kReceiptOverdue);
}

TEST_CASE("an opening is waited for from when the receipt came and not from its time") {
  Watched at;
  at.say(kFlash);
  at.move_clock(hours(20));
  at.world.converge();
  at.move_clock(-hours(20));
  at.world.cut();
  CHECK(at.pass(minutes(29)).empty());
  CHECK(at.pass(minutes(2)) == kOpeningOverdue);
}

TEST_CASE("what has expired by a clock that is ahead is waited for again once that is right") {
  Watched at;
  at.say(kFlash, hours(3));
  at.world.converge();
  at.world.cut();
  CHECK(at.pass(minutes(20)).empty());
  at.move_clock(days(400));
  CHECK(at.pass(minutes(11)).empty());
  at.move_clock(-days(400));
  CHECK(at.look() == kOpeningOverdue);
  at.acknowledge();
  at.say(kFlash, minutes(10));
  at.world.converge();
  at.world.cut();
  CHECK(at.pass(hours(1)).empty());  // over: nobody need open it any more
}

TEST_CASE("a sender is told what arrived after its time and nothing happens to the message") {
  Watched at;
  const Said late = at.say(kRoutine, hours(1));
  const Said in_time = at.say(kRoutine, hours(9));
  at.world.pass(hours(2));
  CHECK_FALSE(at.world.a.show(late.number).receipt.has_value());
  at.world.converge();
  const auto alarms = [&] { return at.world.a.office->alarms().list(false).value(); };
  REQUIRE(alarms().size() == 1);
  const auto first = alarms().front();
  CHECK(first.code == "arrived-expired");
  CHECK(first.subject == "TJ-FOTEHOBOD");
  const auto view = at.world.a.show(late.number);
  REQUIRE(view.receipt.has_value());
  const std::string time = to_rfc3339(from_unix_s(view.receipt->receipt.time_s));
  CHECK(first.sentence == "Message " + late.number.text() + " arrived at TJ-FOTEHOBOD at " + time +
                              ", after it had expired");
  CHECK(office::arrived_expired(view.envelope->expires, view.receipt->receipt));
  const auto other = at.world.a.show(in_time.number);
  CHECK_FALSE(office::arrived_expired(other.envelope->expires, other.receipt->receipt));
  for (Node* node : {&at.world.a, &at.world.b})
    CHECK(node->show(late.number).content == late.content);

  // While it waits for a person the next is counted in it, and named.
  at.world.cut();
  const Said second = at.say(kRoutine, hours(1));
  at.world.pass(hours(2));
  at.world.converge();
  REQUIRE(alarms().size() == 1);
  CHECK(alarms().front().occurrences == 2);
  CHECK(alarms().front().sentence.find(second.number.text()) != std::string::npos);
  at.acknowledge();
  at.world.crash(at.world.a);
  at.say(kRoutine, hours(1));
  at.world.converge();
  CHECK(alarms().empty());
  at.world.cut();
  const Said third = at.say(kRoutine, hours(1));
  const Said fourth = at.say(kRoutine, hours(1));
  at.world.pass(hours(2));
  at.world.converge();
  REQUIRE(alarms().size() == 1);
  CHECK(alarms().front().occurrences == 2);
  CHECK(alarms().front().sentence.starts_with("2 messages arrived at TJ-FOTEHOBOD at "));
  CHECK(alarms().front().sentence.ends_with("the oldest is " + third.number.text()));
}

TEST_CASE("a trail's head that was dated ahead keeps none of the next days out") {
  Watched at;
  Node& node = at.world.a;
  REQUIRE(node.office->trail().enter(office::TrailEntry(), node.now).has_value());
  const auto dated = [&] { return node.office->date_trail(node.now).value(); };
  at.move_clock(days(400));
  CHECK(dated());
  at.move_clock(-days(400));
  CHECK_FALSE(dated());
  at.world.pass(hours(23));
  CHECK_FALSE(dated());
  at.world.pass(hours(2));
  CHECK(dated());
  node.restart();
  CHECK_FALSE(dated());  // it knows when the last was made
  at.world.pass(hours(24));
  CHECK(dated());
}

}  // namespace blo::sim
