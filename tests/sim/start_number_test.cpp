// Each start of a daemon shows a number of its own: a copied home that runs beside the first is
// found out, at both offices.
#include <catch2/catch.hpp>

#include "world.h"

namespace blo::sim {
namespace {

/// A session of `dialler`'s daemon, or of another one that shows `start` under the same keys.
void session(World& world, std::optional<std::uint64_t> start = {}) {
  world.a.meddle = [start](sync::Frame& frame) {
    auto* hello = std::get_if<sync::Hello>(&frame);
    if (hello != nullptr && start) hello->start = *start;
  };
  world.connect();
  world.run();
  world.cut();
}

std::vector<std::pair<std::string, std::string>> alarms(Node& node) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& row : node.office->alarms().list(false).value())
    found.emplace_back(row.code, row.subject);
  return found;
}

using Found = std::vector<std::pair<std::string, std::string>>;

}  // namespace

TEST_CASE("two daemons under one office's keys are an alarm at the counterpart and at their own") {
  World world;
  session(world);
  session(world);
  CHECK(alarms(world.a).empty());
  session(world, 4711);
  CHECK(alarms(world.b).empty());  // it may have been started again
  session(world);
  CHECK(alarms(world.b) == Found{{"runs-twice", "UZ-OYBEK"}});
  CHECK(alarms(world.a) == Found{{"runs-twice", "UZ-OYBEK"}});
  // And once, however often they take turns.
  for (int i = 0; i < 3; ++i) {
    session(world, 4711);
    session(world);
  }
  CHECK(alarms(world.b).size() == 1);
  CHECK(alarms(world.a).size() == 1);
  world.a.meddle = nullptr;
  world.converge();
  world.check_converged();
}

TEST_CASE("offices that are started again and again are no alarm") {
  World world;
  for (int i = 0; i < 5; ++i) {
    session(world);
    world.a.restart();
    session(world);
    world.b.restart();
    world.a.restart();
  }
  session(world);
  CHECK(alarms(world.a).empty());
  CHECK(alarms(world.b).empty());
}

TEST_CASE("a session in standby that hears no hello ends after ten seconds") {
  World world;
  struct Silent : office::Line {
    void send_frame(ByteView) override {}
    void rekey_sending() override {}
    void rekey_receiving() override {}
    [[nodiscard]] bool rekey_due(SteadyTime) const override { return false; }
    void close() override { closed = true; }
    bool closed = false;
  } line;
  office::Peer peer(world.a.office->peer_context(world.a), world.a.pair(), line, world.a.secret(),
                    world.a.now);
  world.pass(limits::kHandshakeTimeMax - seconds(1));
  peer.tick(world.a.now);
  CHECK_FALSE(line.closed);
  world.pass(seconds(1));
  peer.tick(world.a.now);
  CHECK(line.closed);
}

}  // namespace blo::sim
