// Clocks that are not believed: what waits, what does not, and that nothing is destroyed by one.
#include <catch2/catch.hpp>

#include "office/ahead.h"
#include "office/retention.h"
#include "world.h"

namespace blo::sim {
namespace {

using office::OfficeError;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

const office::RetentionRules kRules{{1, hours(1), "Act 12"}};

std::chrono::year_month_day date_of(WallTime time) {
  return std::chrono::year_month_day(std::chrono::floor<days>(time));
}

std::vector<std::string> alarms(Node& node, const std::string& code) {
  std::vector<std::string> found;
  for (const auto& alarm : node.office->alarms().list(false).value()) {
    if (alarm.code == code) found.push_back(alarm.subject);
  }
  return found;
}

void acknowledge(Node& node, const std::string& code) {
  for (const auto& alarm : node.office->alarms().list(false).value()) {
    if (alarm.code != code) continue;
    REQUIRE(
        node.office->alarms().acknowledge(alarm.id, node.officer(), "seen", node.now).has_value());
  }
}

bool has_content(Node& node, const Said& said) { return !node.show(said.number).erased; }

bool believed(Node& node) { return node.office->clock().believed(node.now); }

/// Nobody has NTP, and both have been off for longer than a clock is believed to go on.
void put_in_doubt(World& world, milliseconds by = days(30)) {
  world.cut();
  for (Node* node : {&world.a, &world.b}) {
    REQUIRE(node->office->watch_clock(node->now).has_value());
    node->set_in_step(false);
  }
  world.a.now.wall += by;
  world.a.restart();
  world.b.restart();
}

/// What the daemon does each minute.
void minute(Node& node) {
  REQUIRE(node.office->watch_clock(node.now).has_value());
  REQUIRE(office::erase_what_waits(*node.office, node.pair(), 0, node.now).has_value());
  REQUIRE(office::erase_what_was_ahead(*node.office, node.now).has_value());
}

/// The Hello of `node` says another time.
void shift_hello(Node& node, milliseconds by) {
  node.meddle = [by](sync::Frame& frame) {
    if (auto* hello = std::get_if<sync::Hello>(&frame))
      hello->time_ms = hello->time_ms.unjudged() + static_cast<std::uint64_t>(by.count());
  };
}

}  // namespace

TEST_CASE("what is due 400 days ahead under NTP is destroyed by nobody until a date is typed") {
  World world;
  const Said ours = world.a.say("ours");
  const Said theirs = world.b.say("theirs");
  world.converge();
  world.cut();
  auto& office = *world.a.office;
  const Now wrong{world.a.now.wall + days(400), world.a.now.steady};
  REQUIRE(office.clock().believed(wrong));
  REQUIRE(office::preview_retention(office, kRules, 10, wrong)->due == 2);
  const auto refused = office::apply_retention(office, kRules, 10, 7, wrong);
  CHECK(refused.error() == OfficeError::kDateUnproven);
  CHECK(office.clock().view(wrong).waits == wrong.wall);
  CHECK((has_content(world.a, ours) && has_content(world.a, theirs)));
  const auto true_date = office.clock().confirm({date_of(world.a.now.wall), true}, wrong);
  CHECK(true_date.error() == OfficeError::kWrongDate);
  CHECK(office::apply_retention(office, kRules, 10, 7, wrong).error() ==
        OfficeError::kDateUnproven);
  REQUIRE(office.clock().confirm({date_of(wrong.wall), false}, wrong).has_value());
  CHECK(office::apply_retention(office, kRules, 10, 7, wrong).error() ==
        OfficeError::kDateUnproven);
  REQUIRE(office.clock().confirm({date_of(wrong.wall), true}, wrong).has_value());
  CHECK(office::apply_retention(office, kRules, 10, 7, wrong)->erased == 2);
}

TEST_CASE("an empty RTC at both offices is vouched for by neither and both go on when it is set") {
  World world;
  world.a.say("before");
  world.converge();
  const WallTime right = world.a.now.wall;
  put_in_doubt(world, WallTime(hours(1)) - right);
  CHECK_FALSE(believed(world.a));
  CHECK_FALSE(believed(world.b));
  world.a.say("entered at an hour that nobody believes");
  const auto held = world.b.received_size();
  world.connect();
  world.pass(seconds(30));
  INFO(world.a.why_closed << " / " << world.b.why_closed);
  REQUIRE(world.connected());  // the hour alone ends no session
  CHECK(world.a.end->peer->state() == office::Peer::State::kSync);
  CHECK_FALSE(believed(world.a));
  CHECK_FALSE(believed(world.b));
  CHECK(world.b.received_size() == held);
  world.cut();
  world.a.now.wall = right + hours(2);
  world.converge();
  CHECK((believed(world.a) && believed(world.b)));
  world.check_converged();
}

TEST_CASE("batches wait until the clock is believed and then arrive") {
  World world;
  world.converge();
  put_in_doubt(world, days(-30));  // before all that is known, and both alike
  world.a.say("waits");
  const auto held = world.b.received_size();
  world.a.now.wall += days(30) - hours(2);  // two hours before the newest time known
  world.a.office->clock().set_in_step(true);
  world.b.office->clock().set_in_step(false);
  world.connect();
  world.pass(seconds(30));
  REQUIRE(world.connected());
  CHECK_FALSE(believed(world.b));
  CHECK(world.b.received_size() == held);
  CHECK(world.b.end->peer->waits_for_clock());
  CHECK(world.a.pair().sent->head->checkpoint.size < world.a.sent_size());
  REQUIRE(
      world.b.office->clock().confirm({date_of(world.b.now.wall), true}, world.b.now).has_value());
  world.pass(seconds(5));
  CHECK_FALSE(world.b.end->peer->waits_for_clock());
  world.converge();
  world.check_converged();
}

TEST_CASE("nothing of the office's own is entered while its clock is not believed") {
  World world;
  world.a.say("before");
  world.converge();
  const Now now = world.a.now;
  REQUIRE(world.a.office->trail().enter_refused_peer(world.b.kit.id, "protocol", now).has_value());
  put_in_doubt(world);
  auto& node = world.a;
  const auto person = node.officer().person;
  const auto size = node.sent_size();
  const auto revoke = [&] {
    return node.office->revoke_officer(person, identity::RevocationReason::kLeft, node.now);
  };
  CHECK(revoke().error() == OfficeError::kClockNotBelieved);
  CHECK_FALSE(node.office->date_trail(node.now).value());
  CHECK(node.sent_size() == size);
  node.say("an officer's message is entered all the same");
  CHECK(node.sent_size() == size + 1);
  node.set_in_step(true);
  CHECK(node.office->date_trail(node.now).value());
  CHECK(revoke().has_value());
}

TEST_CASE("no certificate is said to end soon by a clock that is not believed") {
  World world;
  world.converge();
  put_in_doubt(world, days(980));
  auto& office = *world.a.office;
  const auto announced = [&] {
    REQUIRE(office.announce_expiries(world.a.now).has_value());
    return alarms(world.a, "certificate-expires").size();
  };
  CHECK(announced() == 0);
  world.a.set_in_step(true);
  CHECK(announced() > 0);
}

TEST_CASE("certifying and revoking and pairing wait for a date that somebody types") {
  World world;
  world.converge();
  put_in_doubt(world);
  auto& office = *world.a.office;
  const Now now = world.a.now;
  auto request = identity::CertificateRequest::parse(world.a.kit.officer_request()).value();
  const auto key = crypto::SigningKey::generate();
  request.keys = {{identity::KeyUse::kOfficer, key.verify_key().bytes()}};
  const Bytes signed_request = request.sign(key);
  const auto certify = [&] {
    return office.certify_officer(signed_request, {identity::Role::kOperator}, 30, 0, 0, now);
  };
  const auto invite = [&] {
    return office.invite({OfficeId::parse("KG-KARAMYK").value(), {"blo.example:1"}, "Agreement"},
                         now);
  };
  CHECK(certify().error() == OfficeError::kClockNotBelieved);
  CHECK(invite().error() == OfficeError::kClockNotBelieved);
  CHECK(office.accept({}, now).error() == OfficeError::kClockNotBelieved);
  CHECK(office.confirm(world.b.kit.id, {"", 0, "by telephone"}, now).error() ==
        OfficeError::kClockNotBelieved);
  CHECK(office.open_next_generation(world.a.pair(), now).error() == OfficeError::kClockNotBelieved);
  CHECK(office.revoke_counterpart({}, now).error() == OfficeError::kClockNotBelieved);
  REQUIRE(office.clock().confirm({date_of(now.wall), false}, now).has_value());
  CHECK(certify().has_value());
  CHECK(invite().has_value());
}

TEST_CASE("a session's Hello ends the doubt of a machine that was off for long") {
  World world;
  world.a.say("before");
  world.converge();
  put_in_doubt(world);
  world.b.office->clock().set_in_step(true);
  CHECK_FALSE(believed(world.a));
  world.a.say("after");
  world.converge();
  CHECK(believed(world.a));
  world.check_converged();
}

TEST_CASE("clocks twenty minutes apart are one alarm at each side until they are five more apart") {
  World world;
  shift_hello(world.a, minutes(20));
  shift_hello(world.b, -minutes(20));
  const auto meet = [&] {
    world.cut();
    world.connect();
    world.pass(seconds(3));
    world.cut();
  };
  meet();
  meet();
  CHECK(alarms(world.a, "clock-differs") == std::vector<std::string>{"TJ-FOTEHOBOD"});
  CHECK(alarms(world.b, "clock-differs") == std::vector<std::string>{"UZ-OYBEK"});
  acknowledge(world.a, "clock-differs");
  shift_hello(world.b, -minutes(24));
  meet();
  CHECK(alarms(world.a, "clock-differs").empty());
  shift_hello(world.b, -minutes(26));
  meet();
  CHECK(alarms(world.a, "clock-differs").size() == 1);
  acknowledge(world.a, "clock-differs");
  shift_hello(world.b, -minutes(4));  // set right, and wrong again
  meet();
  CHECK(alarms(world.a, "clock-differs").empty());
  shift_hello(world.b, -minutes(6));
  meet();
  CHECK(alarms(world.a, "clock-differs").size() == 1);
}

TEST_CASE("clocks five minutes apart are no alarm and one that drifts in a session becomes one") {
  World world;
  shift_hello(world.b, -minutes(5) + seconds(10));
  world.connect();
  world.pass(seconds(5));
  CHECK(alarms(world.a, "clock-differs").empty());
  world.a.now.wall += seconds(30);
  world.pass(seconds(2));
  CHECK(alarms(world.a, "clock-differs").size() == 1);
}

TEST_CASE("an erasure stamped more than a day ahead waits for its day and then takes effect") {
  World world;
  const Said gone = world.a.say("its time is over");
  world.converge();
  world.cut();
  // Their clock is two days ahead for a moment; the session sees it right again.
  const Now ahead{world.a.now.wall + days(2), world.a.now.steady};
  REQUIRE(world.a.office->clock().confirm({date_of(ahead.wall), true}, ahead).has_value());
  REQUIRE(office::apply_retention(*world.a.office, kRules, 10, 7, ahead)->erased == 1);
  world.converge();
  CHECK(has_content(world.b, gone));
  CHECK(world.b.pair().received->row.refused == 0);
  CHECK(world.b.show(gone.number).erasures.front().waits);
  CHECK(alarms(world.b, "erasure-ahead") == std::vector<std::string>{"UZ-OYBEK"});
  minute(world.b);
  CHECK(has_content(world.b, gone));
  world.cut();
  world.b.restart();
  world.pass(days(1) - minutes(1));
  minute(world.b);
  CHECK(has_content(world.b, gone));
  REQUIRE(world.b.office->clock().may_destroy(world.b.now).has_value());
  world.pass(minutes(2));
  minute(world.b);
  CHECK_FALSE(has_content(world.b, gone));
}

TEST_CASE("an erasure that is ahead is let go by a security officer unless a hold keeps it") {
  World world;
  const Said gone = world.a.say("its time is over");
  const Said held = world.a.say("and so is this one's");
  world.converge();
  world.cut();
  const Now ahead{world.a.now.wall + days(400), world.a.now.steady};
  REQUIRE(world.a.office->clock().confirm({date_of(ahead.wall), true}, ahead).has_value());
  REQUIRE(office::apply_retention(*world.a.office, kRules, 10, 7, ahead)->erased == 2);
  world.converge();
  world.cut();
  auto& office = *world.b.office;
  const OfficeId from = world.a.kit.id;
  REQUIRE(office::place_hold(office, held.number, "a court", 1, world.b.now).has_value());
  auto other = gone.number;
  other.index = 999;
  CHECK(office::let_ahead(office, {from, other}).error() == OfficeError::kNothingAhead);
  CHECK(office::let_ahead(office, {from, gone.number}).value() == 1);
  CHECK_FALSE(has_content(world.b, gone));
  CHECK(office::let_ahead(office, {from, gone.number}).error() == OfficeError::kNothingAhead);
  CHECK(office::let_ahead(office, {from, {}}).value() == 0);
  CHECK(has_content(world.b, held));
  REQUIRE(office::lift_hold(office, held.number, world.b.officer(), world.b.now).has_value());
  minute(world.b);
  CHECK(has_content(world.b, held));
  CHECK(office::let_ahead(office, {from, {}}).value() == 1);
  CHECK_FALSE(has_content(world.b, held));
  CHECK(office::let_ahead(office, {from, {}}).error() == OfficeError::kNothingAhead);
}

TEST_CASE("an erasure that came ahead and met a hold waits for its day after the hold, too") {
  World world;
  const Said held = world.a.say("evidence");
  world.converge();
  world.cut();
  REQUIRE(office::place_hold(*world.b.office, held.number, "a court", 1, world.b.now).has_value());
  const Now ahead{world.a.now.wall + days(2), world.a.now.steady};
  REQUIRE(world.a.office->clock().confirm({date_of(ahead.wall), true}, ahead).has_value());
  REQUIRE(office::apply_retention(*world.a.office, kRules, 10, 7, ahead)->erased == 1);
  world.converge();
  auto& office = *world.b.office;
  REQUIRE(office::lift_hold(office, held.number, world.b.officer(), world.b.now).has_value());
  minute(world.b);
  CHECK(has_content(world.b, held));
  world.pass(days(1) + minutes(1));
  world.converge();
  minute(world.b);
  CHECK_FALSE(has_content(world.b, held));
}

TEST_CASE("what a lifted hold lets go waits until the clock is enough to destroy by") {
  World world;
  const Said said = world.a.say("evidence");
  world.converge();
  REQUIRE(office::place_hold(*world.b.office, said.number, "a court", 1, world.b.now).has_value());
  const Now later{world.a.now.wall + hours(2), world.a.now.steady};
  REQUIRE(office::apply_retention(*world.a.office, kRules, 10, 7, later)->erased == 1);
  world.cut();
  world.converge();
  put_in_doubt(world);
  world.b.set_in_step(true);
  auto& office = *world.b.office;
  CHECK(office::lift_hold(office, said.number, world.b.officer(), world.b.now).value() == 0);
  CHECK(has_content(world.b, said));
  CHECK(office.clock().view(world.b.now).waits.has_value());
  minute(world.b);
  CHECK(has_content(world.b, said));
  REQUIRE(office.clock().confirm({date_of(world.b.now.wall), true}, world.b.now).has_value());
  minute(world.b);
  CHECK_FALSE(has_content(world.b, said));
}

}  // namespace blo::sim
