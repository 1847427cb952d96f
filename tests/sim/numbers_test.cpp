// A counterpart that holds the right keys and says numbers that count nothing.
#include <catch2/catch.hpp>

#include "world.h"

namespace blo::sim {
namespace {

using Number = std::uint64_t;

/// Where a signed integer, a journal's index and a time end.
const std::vector<Number> kNumbers = {0,
                                      1,
                                      UINT32_MAX,
                                      Number{1} << 32U,
                                      (Number{1} << 40U) - 1,
                                      Number{1} << 40U,
                                      253'402'300'800'000,
                                      INT64_MAX,
                                      Number{1} << 63U,
                                      UINT64_MAX};

sync::Head head(Number number) {
  sync::Head head;
  head.generation = std::max(1U, static_cast<std::uint32_t>(number));
  head.size = number;
  head.checkpoint = "x";
  head.receipt = sync::HeadReceipt{number, {}};
  return head;
}

/// Every frame that has numbers, with `number` in all of them, and no generation of 0: those a
/// frame's own reader refuses.
std::vector<sync::Frame> frames_with(Number number) {
  const auto low = std::max(1U, static_cast<std::uint32_t>(number));
  std::vector<sync::Frame> frames{sync::Hello{low, {}, {}, number},
                                  sync::Heads{head(number), head(number), false},
                                  sync::Heads{head(number), head(number), true},
                                  sync::Items{number, {{{Bytes(8), {}, {}}, 0}}},
                                  sync::Receipt{low, number, number, {}},
                                  sync::Ping{number},
                                  sync::Pong{number},
                                  sync::SecretOffer{number, {}},
                                  sync::SecretAnswer{number, {}, {}},
                                  sync::RecallBegin{true, low, number, {}}};
  for (const bool yours : {true, false}) {
    frames.emplace_back(sync::Recall{yours, low, number});
    frames.emplace_back(sync::Recall{yours, 1, number});
  }
  return frames;
}

/// What `frame` is answered with, once it is said after the two offices have agreed.
void say(World& world, const sync::Frame& frame) {
  world.cut();
  world.connect();
  world.run();
  REQUIRE(world.connected());
  world.a.end->send_frame(sync::encode_frame(frame));
  world.run();
  world.cut();
}

}  // namespace

TEST_CASE("a recall from beyond the end is answered with nothing, however far it lies") {
  World world;
  world.a.say("one");
  world.b.say("two");
  world.converge();
  for (const bool yours : {true, false}) {
    const auto end = yours ? world.b.sent_size() : world.b.received_size();
    for (const Number first : kNumbers) {
      CAPTURE(yours, first);
      world.b.trace.clear();
      say(world, sync::Recall{yours, 1, first});
      CHECK_FALSE(world.b.failure);
      CHECK(world.b.turned_away.empty());
      const auto answered = std::ranges::find_if(world.b.trace, [](const End::Seen& seen) {
        return seen.sent && std::holds_alternative<sync::RecallEnd>(seen.frame);
      });
      REQUIRE(answered != world.b.trace.end());
      CHECK(std::get<sync::RecallEnd>(answered->frame).checkpoint.empty() == (first >= end));
    }
  }
  world.converge();
  world.check_converged();
}

TEST_CASE("whatever number a counterpart says in whatever frame, the office goes on") {
  World world;
  world.a.say("one");
  world.b.say("two");
  world.converge();
  for (const Number number : kNumbers) {
    if (number == 0) continue;  // as with the generation
    for (const auto& frame : frames_with(number)) {
      CAPTURE(number, frame.index());
      say(world, frame);
      CHECK_FALSE(world.b.failure);  // the store did its work
      CHECK_FALSE(world.b.frozen());
    }
  }
  world.a.say("three");
  world.converge();
  world.check_converged();
}

TEST_CASE("whatever number a counterpart begins a session with, the office goes on") {
  World world;
  world.a.say("one");
  world.converge();
  for (const Number number : kNumbers) {
    CAPTURE(number);
    for (const bool in_hello : {true, false}) {
      world.cut();
      world.a.meddle = [&](sync::Frame& frame) {
        auto* hello = std::get_if<sync::Hello>(&frame);
        auto* heads = std::get_if<sync::Heads>(&frame);
        if (in_hello && hello != nullptr) hello->time_ms = number;
        if (in_hello || heads == nullptr) return;
        for (auto* head : {&heads->mine, &heads->yours}) {
          if (head->checkpoint.empty()) continue;
          head->size = number == 0 ? 1 : number;
          head->receipt->time_s = number;
        }
      };
      world.connect();
      world.run();
      CHECK_FALSE(world.b.failure);
      CHECK_FALSE(world.b.frozen());
      world.a.meddle = nullptr;
    }
  }
  world.cut();
  world.converge();
  world.check_converged();
}

}  // namespace blo::sim
