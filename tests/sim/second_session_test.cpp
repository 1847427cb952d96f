// A pair with two sessions at once, as when both sides dial: one of them talks, and nobody is
// blamed.
#include <catch2/catch.hpp>

#include "world.h"

namespace blo::sim {
namespace {

/// The second session: its frames in the order sent, without encryption.
struct PlainLine : office::Line {
  void send_frame(ByteView plaintext) override { frames.push_back(to_bytes(plaintext)); }
  void rekey_sending() override {}
  void rekey_receiving() override {}
  [[nodiscard]] bool rekey_due(SteadyTime) const override { return false; }
  void close() override { closed = true; }
  std::deque<Bytes> frames;
  bool closed = false;
};

/// One side of it.
struct Side {
  explicit Side(Node& of)
      : node(of), peer(of.office->peer_context(of), of.pair(), line, of.secret(), of.now) {}

  void take(Side& from) {
    const Bytes frame = std::move(from.line.frames.front());
    from.line.frames.pop_front();
    peer.on_frame(frame, node.now);
    while (auto batch = peer.take_work()) {
      batch->judge(0, batch->size());
      peer.complete(std::move(*batch), node.now);
    }
  }

  Node& node;
  PlainLine line;
  office::Peer peer;
};

void exchange(Side& x, Side& y) {
  while (!x.line.frames.empty() || !y.line.frames.empty()) {
    if (!x.line.frames.empty()) y.take(x);
    if (!y.line.frames.empty()) x.take(y);
  }
}

}  // namespace

TEST_CASE("of two sessions of a pair one talks at most and nobody is blamed") {
  for (std::size_t steps = 1; steps <= 60; ++steps) {
    CAPTURE(steps);
    World world(steps);
    for (int i = 0; i < 3; ++i) {
      world.a.say("from UZ " + std::to_string(i));
      world.b.say("from TJ " + std::to_string(i));
    }
    world.connect();
    // The first session is somewhere between its handshake and its last receipt.
    for (std::size_t step = 0; step < steps; ++step) world.step();

    {
      Side a(world.a);
      Side b(world.b);
      b.peer.activate(world.b.now);
      exchange(a, b);
      world.run();
      exchange(a, b);
      // Never both: one stays, or neither, where each side ended the other's.
      const bool second = a.peer.state() == office::Peer::State::kSync &&
                          b.peer.state() == office::Peer::State::kSync;
      CHECK_FALSE((second && world.connected()));
      CAPTURE(world.a.why_closed, world.b.why_closed, a.peer.why_closed(), b.peer.why_closed());
      world.cut();
      for (const auto* side : {&a, &b}) {
        CHECK(side->peer.turned_away().empty());
        CHECK(side->node.turned_away.empty());
        CHECK(side->node.office->alarms().count_open().value() == 0);
      }
    }
    world.converge();
    world.check_converged();
  }
}

TEST_CASE("a session that is held answers no hello until it is activated") {
  World world;
  world.a.say("a van with a false floor");
  Side a(world.a);
  Side b(world.b);
  b.peer.hold();
  a.peer.activate(world.a.now);
  exchange(a, b);
  CHECK(b.peer.state() == office::Peer::State::kStandby);
  CHECK(a.peer.state() == office::Peer::State::kHello);
  b.peer.activate(world.b.now);
  exchange(a, b);
  CHECK(world.b.received_size() == world.a.sent_size());
  world.check_converged();
}

TEST_CASE("a held session does not take a second hello") {
  World world;
  Side a(world.a);
  Side b(world.b);
  b.peer.hold();
  a.peer.activate(world.a.now);
  a.line.frames.push_back(a.line.frames.front());
  b.take(a);
  b.take(a);
  CHECK(b.peer.state() == office::Peer::State::kClosed);
  CHECK(b.peer.turned_away() == "protocol");
}

}  // namespace blo::sim
