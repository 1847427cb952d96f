// A counterpart that sends more than a day may have is held back and not closed.
#include <catch2/catch.hpp>

#include "world.h"

namespace blo::sim {
namespace {

using std::chrono::hours;

const office::QuotaLimits kSmall{10, 1U << 30U, 5};

std::vector<std::string> alarms(Node& node) {
  std::vector<std::string> codes;
  for (const auto& row : node.office->alarms().list(false).value()) codes.push_back(row.code);
  return codes;
}

Said say_with(Node& node, journal::Precedence precedence, const std::string& text) {
  auto made = node.submission(alert(text));
  auto envelope = journal::Envelope::parse(made.envelope).value();
  envelope.precedence = precedence;
  made.envelope = envelope.encode();
  made.signature = crypto::sign(crypto::Purpose::kEnvelope, node.kit.officer, {made.envelope});
  const Said message{node.hand_in(made).number, envelope.message_id, made.content};
  node.said.push_back(message);
  if (node.end && node.end->peer) node.end->peer->pump(node.now);
  return message;
}

/// UZ has sent as much as TJ takes in a day, and a message more.
struct HeldBack : World {
  HeldBack() {
    b.office->set_quota(kSmall);
    converge();
    for (int i = 0; i < 12; ++i) a.say("routine " + std::to_string(i));
    run();
    last.emplace(a.say("one more than the day has"));
    run();
  }
  [[nodiscard]] office::MessageState state_of(const Said& message) {
    return a.show(message.number).state;
  }
  std::optional<Said> last;
};

}  // namespace

TEST_CASE("at the limit the next batch is not taken, nothing is closed, and both sides are told") {
  HeldBack world;
  CHECK(world.connected());
  CHECK(world.b.has<sync::NotTaken>(true));
  CHECK(world.state_of(*world.last) == office::MessageState::kQueued);
  CHECK(alarms(world.a) == std::vector<std::string>{"held-back"});
  CHECK(alarms(world.b) == std::vector<std::string>{"holds-back"});
  CHECK(world.a.pair().held);
  CHECK(world.b.pair().intake.holds_back());
}

TEST_CASE("what is not taken is said after the receipts for what came before it") {
  for (std::uint64_t salt = 0; salt < 40; ++salt) {
    INFO(salt);
    World world(salt);
    world.b.office->set_quota(kSmall);
    world.converge();
    world.cut();
    for (int i = 0; i < 12; ++i) world.a.say("routine " + std::to_string(i));
    world.connect();
    world.a.trace.clear();
    while (!world.a.has<sync::BatchEnd>(true) && world.step()) continue;
    const Said behind = world.a.say("sent while the batch before it is judged");
    world.run();
    INFO(world.a.why_closed << " / " << world.b.why_closed);
    REQUIRE(world.connected());
    CHECK(world.b.has<sync::NotTaken>(true));
    CHECK(world.a.show(behind.number).state == office::MessageState::kQueued);
  }
}

TEST_CASE("while one direction is held back the other goes on, and so does what does not wait") {
  HeldBack world;
  const Said back = world.b.say("the other way");
  world.run();
  CHECK(world.b.show(back.number).state == office::MessageState::kReceipted);
  const Said flash = say_with(world.a, journal::Precedence::kFlash, "a car bomb");
  world.run();
  CHECK(world.state_of(flash) == office::MessageState::kReceipted);
  // It came with what stood before it in the journal; what stands after it waits.
  CHECK(world.state_of(*world.last) == office::MessageState::kReceipted);
  const Said later = world.a.say("routine again");
  world.run();
  CHECK(world.state_of(later) == office::MessageState::kQueued);
}

TEST_CASE("when the day has passed the rest is taken and both sides are told") {
  HeldBack world;
  world.cut();
  world.pass(hours(26));
  world.connect();
  world.pass(seconds(2));
  CHECK(world.state_of(*world.last) == office::MessageState::kReceipted);
  CHECK(alarms(world.a) == std::vector<std::string>{"held-back", "taken-again"});
  CHECK(alarms(world.b) == std::vector<std::string>{"holds-back", "taken-again"});
  world.converge();
  world.check_converged();
}

TEST_CASE("what is held back stays so in the next session, and nothing is doubled") {
  HeldBack world;
  world.cut();
  for (int i = 0; i < 3; ++i) {
    world.connect();
    world.run();
    CHECK(world.connected());
    CHECK(world.state_of(*world.last) == office::MessageState::kQueued);
    world.cut();
  }
  world.b.office->set_quota(office::kQuotaOfADay);
  world.a.pair().held.reset();
  world.converge();
  world.check_converged();
}

TEST_CASE("entries that are refused have a limit of their own") {
  World world;
  world.b.office->set_quota({1'000'000, 1U << 30U, 3});
  world.converge();
  world.a.meddle = [](sync::Frame& frame) {
    auto* items = std::get_if<sync::Items>(&frame);
    if (items == nullptr) return;
    for (auto& part : items->parts) {
      if (!part.item.content_key.empty()) part.item.content_key[0] ^= 1U;
    }
  };
  world.cut();
  world.connect();
  const auto before = world.b.sent_size();
  for (int i = 0; i < 30; ++i) {
    world.a.say("does not open " + std::to_string(i));
    world.run();
  }
  CHECK(world.connected());
  CHECK(world.b.pair().received->row.refused >= 3);
  CHECK(world.b.sent_size() - before <= 3 + 2);
}

TEST_CASE("a counterpart that does not heed the wait gets nothing in and ends nothing") {
  HeldBack world;
  const auto before = world.b.received_size();
  for (int i = 0; i < 20; ++i) {
    world.a.pair().held.reset();
    world.a.end->peer->pump(world.a.now);
    world.run();
  }
  CHECK(world.connected());
  CHECK(world.b.received_size() == before);
  CHECK(alarms(world.b).size() == 1);
}

TEST_CASE("a wait for a batch that was never sent ends the session") {
  World world;
  world.converge();
  world.b.meddle = [](sync::Frame& frame) {
    if (std::holds_alternative<sync::Pong>(frame)) frame = sync::NotTaken{5};
  };
  world.cut();
  world.connect();
  world.run();
  world.a.end->peer->ping(world.a.now);
  world.run();
  CHECK_FALSE(world.connected());
  CHECK_FALSE(world.a.pair().held);
}

}  // namespace blo::sim
