// Counterparts take turns, whatever one of them sends.
#include "transport/turns.h"

#include <catch2/catch.hpp>

#include "world.h"

namespace blo::transport {
namespace {

constexpr SteadyTime kStart{milliseconds(1'000)};

/// What came of each link, in the order in which it came.
struct Order final : LinkEvents {
  std::vector<const Link*> frames;
  std::vector<std::pair<const Link*, std::size_t>> drained;  // and after how many frames in all
  std::map<const Link*, std::shared_ptr<Turns>> turns_of;
  std::vector<std::shared_ptr<Link>> opened;
  std::shared_ptr<Turns> next_turns;
  std::function<void()> react = [] {};

  void on_open(Link& link) override {
    link.set_turns(next_turns);
    opened.push_back(link.shared_from_this());
  }
  void on_frame(Link& link, Bytes) override {
    frames.push_back(&link);
    react();
  }
  void on_drained(Link& link) override { drained.emplace_back(&link, frames.size()); }
  void on_closed(Link&, std::optional<Error>) override {}
};

struct TurnsWorld : World {
  Order order;

  void listen_in_turns() {
    auto opened_listener = Listener::open(io.get_executor(), loopback(), order);
    BLO_CHECK(opened_listener);
    listener = *opened_listener;
  }
  /// A caller whose frames are delivered in these turns.
  std::shared_ptr<Link> call(const std::shared_ptr<Turns>& turns) {
    order.next_turns = turns;
    const std::size_t before = order.opened.size();
    auto link = dial_now(address());
    BLO_CHECK(link);
    (*link)->start();
    BLO_CHECK(run_until([&] { return order.opened.size() > before && (*link)->open(); }));
    return *link;
  }
};

/// The longest row of frames of one link.
std::size_t longest_row(const std::vector<const Link*>& frames, const Link* of) {
  std::size_t row = 0;
  std::size_t longest = 0;
  for (const Link* one : frames) {
    row = one == of ? row + 1 : 0;
    longest = std::max(longest, row);
  }
  return longest;
}

}  // namespace

TEST_CASE("a turn is sixty-four frames or five milliseconds") {
  Turn many(kStart);
  int frames = 1;
  while (many.goes_on(kStart)) ++frames;
  CHECK(frames == 64);
  Turn slow(kStart);
  CHECK(slow.goes_on(kStart + milliseconds(4)));
  CHECK_FALSE(slow.goes_on(kStart + milliseconds(5)));
}

TEST_CASE("what one counterpart sends waits while another has its turn") {
  TurnsWorld world;
  world.listen_in_turns();
  const auto one = world.call(std::make_shared<Turns>(world.io.get_executor()));
  const auto other = world.call(std::make_shared<Turns>(world.io.get_executor()));
  const Link* at_one = world.order.opened[0].get();
  for (int i = 0; i < 1000; ++i) REQUIRE(one->send_frame(Bytes(1, 1)).has_value());
  for (int i = 0; i < 200; ++i) REQUIRE(other->send_frame(Bytes(1, 2)).has_value());
  REQUIRE(world.run_until([&] { return world.order.frames.size() == 1200; }));
  const auto last_of_other = std::ranges::find(
      world.order.frames.rbegin(), world.order.frames.rend(), world.order.opened[1].get());
  const auto until = world.order.frames.size() -
                     static_cast<std::size_t>(last_of_other - world.order.frames.rbegin());
  // While both wait neither has more than one turn in a row, and half a read of the first.
  CHECK(until < 1000);
  CHECK(longest_row(world.order.frames, at_one) >= 64);
}

TEST_CASE("more links do not give a counterpart more turns") {
  TurnsWorld world;
  world.listen_in_turns();
  const auto shared = std::make_shared<Turns>(world.io.get_executor());
  std::vector<std::shared_ptr<Link>> many;
  for (int i = 0; i < 5; ++i) many.push_back(world.call(shared));
  const auto other = world.call(std::make_shared<Turns>(world.io.get_executor()));
  const Link* at_other = world.order.opened.back().get();
  for (const auto& link : many) {
    for (int i = 0; i < 1000; ++i) REQUIRE(link->send_frame(Bytes(1, 1)).has_value());
  }
  for (int i = 0; i < 128; ++i) REQUIRE(other->send_frame(Bytes(1, 2)).has_value());
  REQUIRE(world.run_until([&] { return world.order.frames.size() == 5 * 1000 + 128; }));
  std::size_t before_last = 0;
  for (std::size_t i = 0; i < world.order.frames.size(); ++i) {
    if (world.order.frames[i] == at_other) before_last = i;
  }
  // Two turns of the other one, and those of the many that are between and around them.
  CHECK(before_last < 2000);
}

TEST_CASE("a link says when all that it read was delivered") {
  TurnsWorld world;
  world.listen_in_turns();
  const auto link = world.call(std::make_shared<Turns>(world.io.get_executor()));
  for (int i = 0; i < 300; ++i) REQUIRE(link->send_frame(Bytes(1, 1)).has_value());
  REQUIRE(world.run_until([&] {
    return world.order.frames.size() == 300 && !world.order.drained.empty() &&
           world.order.drained.back().second == 300;
  }));
}

TEST_CASE("frames keep their order over many turns and a rekey among them is followed") {
  TurnsWorld world;
  world.listen_in_turns();
  const auto link = world.call(std::make_shared<Turns>(world.io.get_executor()));
  std::size_t seen = 0;
  world.order.react = [&] {
    if (++seen == 100) world.order.opened.front()->rekey_receiving();
  };
  for (int i = 0; i < 200; ++i) {
    REQUIRE(link->send_frame(Bytes(1, 1)).has_value());
    if (i == 99) link->rekey_sending();
  }
  REQUIRE(world.run_until([&] { return world.order.frames.size() == 200; }));
}

TEST_CASE("a link that is abandoned in its turn has no further one") {
  TurnsWorld world;
  world.listen_in_turns();
  const auto link = world.call(std::make_shared<Turns>(world.io.get_executor()));
  world.order.react = [&] { world.order.opened.front()->abandon(); };
  for (int i = 0; i < 10; ++i) REQUIRE(link->send_frame(Bytes(1, 1)).has_value());
  REQUIRE(world.run_until([&] { return !link->alive() || world.dialler.closed == 1; }));
  CHECK(world.order.frames.size() == 1);
}

}  // namespace blo::transport
