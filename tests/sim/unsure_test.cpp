// What officers enter while their office's clock is not believed: it is marked, and bounds nothing.
#include <catch2/catch.hpp>

#include "auditor.h"
#include "office/entry_time.h"
#include "world.h"

namespace blo::sim {
namespace {

using office::entry_time;
using std::chrono::days;
using std::chrono::hours;

bool believed(Node& node) { return node.office->clock().believed(node.now); }

/// To 1970.
constexpr milliseconds kEmpty = milliseconds::min();

/// Its machine was off, and nobody says that its clock is right.
void put_in_doubt(Node& node, milliseconds by) {
  REQUIRE(node.office->watch_clock(node.now).has_value());
  node.set_in_step(false);
  node.now.wall = by == kEmpty ? WallTime(hours(1)) : node.now.wall + by;
  node.restart();
  REQUIRE_FALSE(believed(node));
}

void put_right(Node& node, WallTime right) {
  node.now.wall = right;
  node.set_in_step(true);
  node.restart();
  REQUIRE(believed(node));
}

}  // namespace

TEST_CASE("what is entered by a clock that nobody believes is marked and dates nothing after it") {
  // An empty RTC, long before all that is known; and a clock far ahead of it, beyond the end of the
  // office's certificate, too.
  for (const auto by :
       {kEmpty, milliseconds(-days(3)), milliseconds(days(30)), milliseconds(days(4'000))}) {
    INFO(by.count());
    World world;
    Node& node = world.a;
    node.say("before");
    world.converge();
    world.cut();
    const WallTime right = node.now.wall;
    const WallTime newest = node.pair().sent->row.last_stamp.time;
    put_in_doubt(node, by);
    const Said meanwhile = node.say("meanwhile");
    const auto& stamp = node.show(meanwhile.number).stamp;
    CHECK((stamp.unsure && stamp.time == node.now.wall));
    CHECK(node.pair().sent->row.last_stamp.time == newest);
    node.restart();
    CHECK(node.pair().sent->row.last_stamp.time == newest);
    put_right(node, right + hours(1));
    world.b.now.wall = node.now.wall;
    const Said after = node.say("after");
    CHECK_FALSE(node.show(after.number).stamp.unsure);
    world.converge();
    CHECK_FALSE(world.b.show(meanwhile.number).refusal);
    CHECK(world.b.show(meanwhile.number).claim == (by > days(1)));
    CHECK_FALSE(world.b.show(after.number).claim);
    CHECK(world.b.show(after.number).stamp.time < right + hours(2));
    world.check_converged();
    check_auditable(world, world.a);
    check_auditable(world, world.b);
  }
}

TEST_CASE("an entry of a doubted clock is judged at the latest sure time that is not later") {
  World world;
  Node& node = world.a;
  const WallTime first = node.now.wall;
  node.say("first");
  node.now.wall += hours(10);
  node.say("second");
  world.converge();
  world.cut();
  const auto judged = [&](milliseconds after) {
    const Now at{first + after, node.now.steady};
    return entry_time(node.office->store(), node.pair().sent->row, node.office->clock().dating(at))
        .value();
  };
  put_in_doubt(node, days(30));
  const WallTime newest = node.pair().sent->row.last_stamp.time;
  REQUIRE(newest == first + hours(10));
  for (const auto after : {hours(5), hours(24 * 30), hours(-24 * 365)}) {
    const auto time = judged(after);
    CHECK(time.unsure);
    CHECK(time.time == first + after);
    CHECK(time.judged_at == (after == hours(5) ? first : newest));
  }
}

TEST_CASE("an officer certified since the last sure time sends once the clock is believed") {
  for (const auto by : {kEmpty, milliseconds(-days(3)), milliseconds(days(30))}) {
    INFO(by.count());
    World world;
    Node& node = world.a;
    node.say("before");
    world.converge();
    world.cut();
    node.now.wall += hours(1);
    const auto key = crypto::SigningKey::generate();
    auto request = identity::CertificateRequest::parse(node.kit.officer_request()).value();
    request.keys = {{identity::KeyUse::kOfficer, key.verify_key().bytes()}};
    const auto* certified =
        node.office
            ->certify_officer(request.sign(key), {identity::Role::kOperator}, 30, 0, 0, node.now)
            .value();
    const auto newcomer = certified->certificate.fingerprint();
    auto made = node.submission(alert("from a newcomer"));
    auto envelope = journal::Envelope::parse(made.envelope).value();
    envelope.officer = newcomer;
    made.envelope = envelope.encode();
    made.signature = crypto::sign(crypto::Purpose::kEnvelope, key, {made.envelope});
    const auto send = [&] {
      return node.office->outgoing()
          .accept(node.pair(), newcomer, {made}, nullptr, node.now)
          .front();
    };

    const WallTime right = node.now.wall;
    const std::uint64_t size = node.sent_size();
    put_in_doubt(node, by);
    CHECK(send().error() == office::OfficeError::kClockNotBelieved);
    CHECK(node.sent_size() == size);
    put_right(node, right + hours(1));
    world.b.now.wall = node.now.wall;
    const auto number = send().value().number;
    world.converge();
    CHECK_FALSE(world.b.show(number).refusal);
  }
}

TEST_CASE(
    "who reads while the clock is not believed stands in the trail, and reads on afterwards") {
  for (const auto by : {kEmpty, milliseconds(days(4'000))}) {
    INFO(by.count());
    World world;
    Node& node = world.a;
    const auto read = [&] {
      office::TrailEntry entry;
      entry.act.request = 3;  // list
      entry.act.subject = "inbox";
      return node.office->trail().enter(entry, node.now);
    };
    REQUIRE(
        node.office->trail().enter_refused_peer(world.b.kit.id, "protocol", node.now).has_value());
    const WallTime right = node.now.wall;
    put_in_doubt(node, by);
    REQUIRE(read().has_value());
    const auto row = node.office->trail().journal()->row;
    CHECK(row.last_stamp.time <= right);
    CHECK(node.office->trail().judged_at(node.now) <= right);
    put_right(node, right + hours(1));
    REQUIRE(read().has_value());
    CHECK(node.office->trail().journal()->row.last_stamp.time == right + hours(1));
  }
}

}  // namespace blo::sim
