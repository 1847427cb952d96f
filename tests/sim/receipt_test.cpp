// The time a receipt names: bounded by what its keeper knows, by whichever way the receipt comes.
#include <catch2/catch.hpp>

#include "auditor.h"
#include "office/challenge.h"
#include "old_store.h"

namespace blo::sim {
namespace {

using std::chrono::days;

enum class Way { kFrame, kHeads, kGivenBack };
constexpr Way kWays[] = {Way::kFrame, Way::kHeads, Way::kGivenBack};

const char* name(Way way) {
  if (way == Way::kFrame) return "as an answer to its batch";
  return way == Way::kHeads ? "in the heads" : "given back";
}

std::uint64_t open_alarms(Node& node, const std::string& code) {
  std::uint64_t found = 0;
  for (const auto& alarm : node.office->alarms().list(false).value())
    found += alarm.code == code ? 1U : 0U;
  return found;
}

/// A receipt by the office of `giver`, with whatever time.
crypto::Signature sign_receipt(const Node& giver, const std::string& note, std::uint64_t time_s) {
  const auto text = journal::Note::parse(note).value().text;
  return journal::cosign_note(text, time_s, giver.kit.keys().receipt).signature;
}

/// From now on every receipt that TJ-FOTEHOBOD gives names this time, and verifies.
void redate(World& world, std::uint64_t time_s) {
  world.b.meddle = [&world, time_s](sync::Frame& frame) {
    if (auto* receipt = std::get_if<sync::Receipt>(&frame)) {
      receipt->time_s = time_s;
      receipt->signature = sign_receipt(world.b, world.b.pair().received->head->note, time_s);
    } else if (auto* heads = std::get_if<sync::Heads>(&frame)) {
      if (!heads->yours.receipt) return;
      heads->yours.receipt =
          sync::HeadReceipt{time_s, sign_receipt(world.b, heads->yours.checkpoint, time_s)};
    } else if (auto* end = std::get_if<sync::RecallEnd>(&frame)) {
      const std::string ours = world.a.pair().sent->row.origin.text() + "\n";
      if (end->checkpoint.starts_with(ours))
        end->receipt = sync::HeadReceipt{time_s, sign_receipt(world.b, end->checkpoint, time_s)};
    }
  };
}

/// TJ-FOTEHOBOD commits what comes, and its receipts are lost.
void lose_receipts(World& world) {
  world.b.meddle = [](sync::Frame& frame) {
    if (std::holds_alternative<sync::Receipt>(frame)) frame = sync::Ping{7};
  };
  world.connect();
  world.run();
  world.cut();
  world.b.meddle = nullptr;
}

/// One message of UZ-OYBEK whose receipt is to come on this way, in the next connection.
Said await_receipt(World& world, Way way) {
  std::vector<Bytes> old;
  if (way == Way::kGivenBack) old = copy_of(world, world.a);
  const Said message = world.a.say("whose receipt comes " + std::string(name(way)));
  if (way == Way::kHeads) lose_receipts(world);
  if (way == Way::kGivenBack) {
    world.converge();
    put_back(world, world.a, old);
  }
  return message;
}

/// The lies have ended: everything goes on, and stands before an auditor.
void check_goes_on(World& world, Way way) {
  world.b.meddle = nullptr;
  world.cut();
  if (way == Way::kGivenBack) {
    give_back(world, world.a);
    go_on(world.a);
  }
  world.a.say("and goes on");
  world.converge();
  world.check_converged();
  check_auditable(world, world.a);
  check_auditable(world, world.b);
}

void check_not_kept(World& world, Way way, const Said& message) {
  world.connect();
  world.run();
  CHECK_FALSE(world.connected());
  CHECK(world.a.why_closed.find("receipt") != std::string::npos);
  CHECK(open_alarms(world.a, "bad-receipt") == 1);
  if (way == Way::kGivenBack) {
    CHECK(recovery_of(world.a) == store::Recovery::kRecovering);
  } else {
    CHECK(world.a.show(message.number).state == office::MessageState::kQueued);
    check_auditable(world, world.a);
  }
}

}  // namespace

TEST_CASE("a receipt with an absurd date is not kept by whichever way it comes") {
  const auto now = static_cast<std::int64_t>(to_unix_s(kStart));
  constexpr std::int64_t kDay = 24 * 3600;
  const std::int64_t dates[] = {0,                // 1970
                                now + 2 * kDay,   // two days ahead
                                2'400'000'000,    // 2046
                                253'402'300'799,  // the end of 9999
                                253'402'300'800,  // the year 10000
                                INT64_MAX};       // 2^63 - 1
  for (const Way way : kWays) {
    for (const std::int64_t date : dates) {
      INFO(name(way) << ", " << date);
      World world;
      const Said message = await_receipt(world, way);
      redate(world, static_cast<std::uint64_t>(date));
      check_not_kept(world, way, message);
      check_goes_on(world, way);
    }
  }
}

TEST_CASE("a receipt that goes back in time is not kept by whichever way it comes") {
  for (const Way way : kWays) {
    INFO(name(way));
    World world;
    exchange(world, 1);
    world.pass(seconds(10));
    const std::uint64_t kept = world.a.pair().sent->head->receipt.time_s;
    world.cut();
    const Said message = await_receipt(world, way);
    redate(world, kept - 1);
    check_not_kept(world, way, message);
    check_goes_on(world, way);
  }
}

TEST_CASE("receipts that are not kept are one alarm with a count") {
  World world;
  const Said message = world.a.say("whose receipt does not verify");
  world.b.meddle = [](sync::Frame& frame) {
    if (auto* receipt = std::get_if<sync::Receipt>(&frame)) receipt->signature[0] ^= 1U;
    auto* heads = std::get_if<sync::Heads>(&frame);
    if (heads != nullptr && heads->yours.receipt) heads->yours.receipt->signature[0] ^= 1U;
  };
  for (int i = 0; i < 3; ++i) {
    world.connect();
    world.run();
    CHECK_FALSE(world.connected());
  }
  CHECK(world.a.show(message.number).state == office::MessageState::kQueued);
  const auto alarms = world.a.office->alarms().list(false).value();
  REQUIRE(alarms.size() == 1);
  CHECK(alarms.front().code == "bad-receipt");
  CHECK(alarms.front().subject == world.b.kit.id.text());
  CHECK(alarms.front().occurrences == 3);
  CHECK(alarms.front().last > alarms.front().raised);
  world.b.meddle = nullptr;
  world.converge();
  world.check_converged();
}

TEST_CASE("a receipt from before its checkpoint was signed is not kept where that is known") {
  for (const Way way : {Way::kFrame, Way::kHeads}) {
    INFO(name(way));
    World world;
    const Said message = await_receipt(world, way);
    redate(world, to_unix_s(world.a.now.wall - days(2)));
    check_not_kept(world, way, message);
    check_goes_on(world, way);
  }
}

TEST_CASE("a receipt forty days old is taken by each way") {
  for (const Way way : kWays) {
    INFO(name(way));
    World world;
    exchange(world, 1);
    world.cut();
    const std::uint64_t then = to_unix_s(world.a.now.wall);
    if (way == Way::kFrame) {
      // The batch leaves and is lost: its checkpoint was signed all the same.
      world.a.meddle = [](sync::Frame& frame) {
        if (std::holds_alternative<sync::BatchEnd>(frame)) frame = sync::Ping{7};
      };
    }
    const Said message = await_receipt(world, way);
    if (way == Way::kFrame) {
      world.connect();
      world.run();
      world.cut();
      world.a.meddle = nullptr;
      world.a.restart();
      redate(world, then);
    }
    world.a.now.wall += days(40);
    world.connect();
    world.run();
    if (way == Way::kGivenBack) {
      REQUIRE(recovery_of(world.a) == store::Recovery::kRecovered);
      go_on(world.a);
    }
    CHECK(world.a.show(message.number).state == office::MessageState::kReceipted);
    const auto receipt = world.a.show(message.number).receipt;
    REQUIRE(receipt);
    CHECK(receipt->receipt.time_s < then + 3600);
    CHECK(open_alarms(world.a, "bad-receipt") == 0);
    check_auditable(world, world.a);
  }
}

TEST_CASE("a receipt over what was stamped four hundred days ahead is taken") {
  World world;
  world.a.now.wall += days(400);
  REQUIRE(
      office::enter_challenge(*world.a.office, world.a.pair(), "ahead", world.a.now).has_value());
  world.a.now.wall -= days(400);
  world.converge();
  CHECK(world.a.pair().sent->row.last_stamp.time <= world.a.now.wall);  // a claim bounds nothing
  CHECK(world.a.pair().sent->head->receipt.time_s < to_unix_s(world.a.now.wall + days(1)));
  CHECK(open_alarms(world.a, "bad-receipt") == 0);
  check_auditable(world, world.a);
  check_auditable(world, world.b);
}

TEST_CASE("the time of the receipt kept last is taken again however far ahead it lies") {
  for (const Way way : {Way::kFrame, Way::kHeads}) {
    INFO(name(way));
    World world;
    world.a.now.wall += days(300);
    exchange(world, 1);
    world.cut();
    const std::uint64_t ahead = world.a.pair().sent->head->receipt.time_s;
    world.a.now.wall -= days(300);
    const Said message = await_receipt(world, way);
    world.connect();
    world.run();
    CHECK(world.a.show(message.number).state == office::MessageState::kReceipted);
    CHECK(world.a.pair().sent->head->receipt.time_s == ahead);
    world.converge();
    world.check_converged();
    check_auditable(world, world.a);
    check_auditable(world, world.b);
  }
}

TEST_CASE("an office whose clock is set anew in a session signs nothing under it") {
  World world;
  exchange(world, 1);
  const std::uint64_t held = world.b.received_size();
  const auto signs = [](const End::Seen& seen) {
    return seen.sent && std::holds_alternative<sync::BatchEnd>(seen.frame);
  };
  SECTION("no checkpoint") {
    REQUIRE(world.connected());
    const auto signed_before = std::ranges::count_if(world.a.trace, signs);
    world.a.now.wall += days(2);
    world.a.say("waits for the right time");
    world.run();
    CHECK(std::ranges::count_if(world.a.trace, signs) == signed_before);
  }
  SECTION("no receipt") {
    REQUIRE(world.connected());
    world.a.say("on its way while the clock jumps");
    while (world.b.end->work.empty()) REQUIRE(world.step());
    world.a.now.wall += days(2);
  }
  world.run();
  CHECK_FALSE(world.connected());
  CHECK(world.b.received_size() == held);
  CHECK(open_alarms(world.a, "clock-skew") + open_alarms(world.b, "clock-skew") > 0);
  world.a.now.wall -= days(2);
  world.converge();
  world.check_converged();
}

}  // namespace blo::sim
