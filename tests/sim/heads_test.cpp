// Nothing is signed before both sides agree on what they hold; where they cannot agree, people must
// act.
#include <catch2/catch.hpp>

#include "world.h"

namespace blo::sim {
namespace {

/// What only leaves once heads were compared.
bool is_signed(const sync::Frame& frame) {
  return std::holds_alternative<sync::BatchEnd>(frame) ||
         std::holds_alternative<sync::Receipt>(frame);
}

bool signs(const Node& node) {
  return std::ranges::any_of(node.trace, [](const auto& seen) {
    return seen.sent && (is_signed(seen.frame) || std::holds_alternative<sync::Items>(seen.frame));
  });
}

/// Of the last connection: every frame that says something new came after the other side's heads.
void check_order(const Node& node) {
  bool compared = false;
  for (const auto& seen : node.trace) {
    if (!seen.sent && std::holds_alternative<sync::Heads>(seen.frame)) compared = true;
    if (seen.sent && is_signed(seen.frame)) {
      CHECK(compared);
      CHECK(seen.state == office::Peer::State::kSync);
    }
  }
}

/// The other side's claim of a journal in `heads`, signed with that journal's own key.
void claim(sync::Head& head, Node& owner, std::uint64_t size, Byte root) {
  const auto& sent = *owner.pair().sent;
  journal::Hash hash{};
  hash.fill(root);
  head.size = size;
  head.checkpoint =
      journal::sign_checkpoint({sent.row.origin, size, hash}, *sent.key).note.encode();
  if (!head.receipt) head.receipt = sync::HeadReceipt{};
}

}  // namespace

TEST_CASE("no checkpoint or receipt leaves before heads were compared") {
  World world;
  int signed_frames = 0;
  for (int i = 0; i < 30; ++i) {
    world.a.say("from UZ " + std::to_string(i));
    world.b.say("from TJ " + std::to_string(i));
    world.connect();
    world.cut_after(world.random(12'000));
    world.run();
    world.cut();
    check_order(world.a);
    check_order(world.b);
    signed_frames += signs(world.a) ? 1 : 0;
  }
  CHECK(signed_frames > 3);
  world.converge();
  world.check_converged();
}

TEST_CASE("an office that never hears heads signs nothing and gives up") {
  World world;
  world.b.meddle = [](sync::Frame& frame) {
    if (!std::holds_alternative<sync::Hello>(frame)) frame = sync::Ping{7};
  };
  world.a.say("waits");
  world.connect();
  world.pass(seconds(5));
  CHECK(world.connected());
  CHECK_FALSE(signs(world.a));
  world.pass(seconds(10));
  CHECK_FALSE(world.connected());
  CHECK_FALSE(signs(world.a));
}

TEST_CASE("data before heads ends the connection and is not stored") {
  World world;
  world.b.meddle = [](sync::Frame& frame) {
    if (std::holds_alternative<sync::Heads>(frame)) frame = sync::Receipt{1, 1, 1, {}};
  };
  world.a.say("waits");
  world.connect();
  world.run();
  CHECK_FALSE(world.connected());
  CHECK_FALSE(signs(world.a));
  CHECK_FALSE(world.a.pair().sent->head);
  CHECK_FALSE(world.a.frozen());
}

TEST_CASE("a sender restored from an old copy freezes and signs nothing") {
  World world;
  world.a.say("before the copy");
  world.converge();
  world.cut();
  const auto copy = world.a.disk();
  world.a.say("after the copy");
  world.converge();
  world.cut();

  world.a.office.reset();
  world.a.put_disk(copy);
  world.a.open();
  world.connect();
  world.run();
  CHECK(world.a.frozen());
  CHECK_FALSE(signs(world.a));
  CHECK_FALSE(world.b.frozen());
  CHECK(world.b.received_size() == 4);  // start, officer, two messages

  const auto kept =
      world.a.office->outgoing().accept(world.a.pair(), world.a.officer().certificate.fingerprint(),
                                        {world.a.submission(alert("more"))}, nullptr, world.a.now);
  REQUIRE(kept.front().has_value());
  CHECK(kept.front()->for_generation);  // it waits, and is in no journal
  world.a.restart();
  CHECK(world.a.frozen());
  world.connect();
  world.run();
  CHECK_FALSE(world.connected());
  CHECK_FALSE(signs(world.a));
  CHECK(world.b.why_closed.find("frozen") != std::string::npos);
}

TEST_CASE("a checkpoint of our journal that we did not sign freezes nothing") {
  World world;
  world.a.say("held there");
  world.converge();
  world.cut();
  world.b.meddle = [&world](sync::Frame& frame) {
    if (auto* heads = std::get_if<sync::Heads>(&frame)) claim(heads->yours, world.b, 90, 1);
  };
  world.connect();
  world.run();
  CHECK_FALSE(world.connected());
  CHECK_FALSE(world.a.frozen());
  CHECK_FALSE(signs(world.a));
}

TEST_CASE("a claim of receipts we never gave freezes nothing") {
  World world;
  world.a.say("held there");
  world.converge();
  world.cut();
  world.a.meddle = [&world](sync::Frame& frame) {
    if (auto* heads = std::get_if<sync::Heads>(&frame)) claim(heads->mine, world.a, 90, 1);
  };
  world.connect();
  world.run();
  CHECK_FALSE(world.connected());
  CHECK_FALSE(world.b.frozen());
  CHECK_FALSE(signs(world.b));
}

TEST_CASE("a forked checkpoint freezes the pairing of who sees it") {
  World world;
  world.a.say("held there");
  world.converge();
  world.cut();
  const auto held = world.b.received_size();
  world.a.meddle = [&](sync::Frame& frame) {
    if (auto* heads = std::get_if<sync::Heads>(&frame)) claim(heads->mine, world.a, held, 1);
  };
  world.connect();
  world.run();
  CHECK(world.b.frozen());
  CHECK(world.b.pair().row.frozen_why.find("contradict") != std::string::npos);
  CHECK_FALSE(signs(world.b));
}

TEST_CASE("a counterpart that claims to hold less than it gave receipts for gets nothing") {
  World world;
  world.a.say("held there");
  world.converge();
  world.cut();
  world.b.meddle = [](sync::Frame& frame) {
    if (auto* heads = std::get_if<sync::Heads>(&frame)) heads->yours = sync::Head{};
  };
  world.a.say("not for who forgets");
  world.connect();
  world.pass(seconds(100));  // it could ask for what it lost
  CHECK_FALSE(world.connected());
  CHECK_FALSE(world.a.frozen());
  CHECK_FALSE(signs(world.a));
}

TEST_CASE("clocks more than a day apart sign nothing") {
  World world;
  world.a.say("waits for the right time");
  world.b.meddle = [](sync::Frame& frame) {
    if (auto* hello = std::get_if<sync::Hello>(&frame))
      hello->time_ms = hello->time_ms.unjudged() + 2ULL * 24 * 3600 * 1000;
  };
  world.connect();
  world.run();
  CHECK_FALSE(world.connected());
  CHECK_FALSE(signs(world.a));
  CHECK(world.a.why_closed.find("clock") != std::string::npos);
  world.b.meddle = nullptr;
  world.converge();
  world.check_converged();
}

}  // namespace blo::sim
