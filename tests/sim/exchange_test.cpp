// What two healthy offices do, and how a session lives and ends.
#include <catch2/catch.hpp>

#include "message/message.h"
#include "world.h"

namespace blo::sim {
namespace {

/// A valid alert of about 200 KiB.
Bytes large_alert() {
  std::string json =
      R"({"alert":{"purpose":"MODUS_OPERANDI","reason":"r","action":"a","vehicles":[)";
  for (int i = 0; i < 50; ++i) {
    if (i > 0) json += ",";
    json += R"({"plate":"01A)" + std::to_string(100 + i) + R"(BC","remarks":")" +
            std::string(4090, static_cast<char>('a' + i % 26)) + "\"}";
  }
  return message::from_json(message::kAlert, json + "]}}").value();
}

}  // namespace

TEST_CASE("a notice travels and its receipt comes back") {
  World world;
  const Said notice = world.a.say("a van with a false floor");
  CHECK(world.a.show(notice.number).state == office::MessageState::kQueued);
  world.connect();
  world.run();
  CHECK(world.a.show(notice.number).state == office::MessageState::kReceipted);
  CHECK(world.b.show(notice.number).content == notice.content);
  world.check_converged();
}

TEST_CASE("both directions go at once over one connection") {
  World world;
  world.connect();
  for (int i = 0; i < 10; ++i) {
    world.a.say("from UZ " + std::to_string(i));
    world.b.say("from TJ " + std::to_string(i));
    for (int step = 0; step < 5; ++step) world.step();
  }
  world.run();
  CHECK(world.connected());
  world.check_converged();
}

TEST_CASE("a large content crosses in chunks between other messages") {
  World world;
  world.connect();
  world.a.say("before");
  const Said large = world.a.say_content(large_alert());
  REQUIRE(large.content.size() > 200 * 1024);
  world.a.say("after");
  world.run();
  world.check_converged();
  CHECK(world.a.has<sync::BodyChunk>(true));
  for (const auto& seen : world.a.trace) {
    if (const auto* chunk = std::get_if<sync::BodyChunk>(&seen.frame))
      CHECK(chunk->data.size() <= limits::kBulkFrameBytes);
  }
}

TEST_CASE("keys change by the number of frames and nothing is lost over it") {
  World world;
  world.a.rekey_after_frames = 2;
  world.b.rekey_after_frames = 3;
  world.connect();
  for (int i = 0; i < 30; ++i) {
    world.a.say("from UZ " + std::to_string(i));
    world.b.say("from TJ " + std::to_string(i));
    for (int step = 0; step < 3; ++step) world.step();
  }
  world.pass(seconds(2));
  REQUIRE(world.connected());
  CHECK(world.a.end->rekeys > 2);
  CHECK(world.b.end->rekeys > 2);
  world.check_converged();
}

TEST_CASE("keys change by the clock and an idle session lives on pings") {
  World world;
  world.connect();
  world.pass(limits::kRekeyTime + seconds(60));
  REQUIRE(world.connected());
  CHECK(world.a.end->rekeys == 1);
  CHECK(world.b.end->rekeys == 1);
  CHECK(world.a.has<sync::Pong>(false));
  world.a.say("after the change");
  world.run();
  world.check_converged();
}

TEST_CASE("a session ends after a day and the next goes on where it stopped") {
  World world;
  world.a.say("today");
  world.connect();
  world.pass(limits::kSessionTimeMax - seconds(1));
  REQUIRE(world.connected());
  world.pass(seconds(3));
  CHECK_FALSE((world.a.end || world.b.end));
  CHECK((world.a.has<sync::Close>(true) || world.b.has<sync::Close>(true)));
  world.a.say("tomorrow");
  world.converge();
  world.check_converged();
}

TEST_CASE("a counterpart that falls silent is given up and its messages wait") {
  World world;
  world.connect();
  world.run();
  world.weather.swallows = true;
  const Said waiting = world.a.say("nobody hears this");
  world.pass(limits::kDeadAfter + seconds(2));
  CHECK_FALSE((world.a.end || world.b.end));
  CHECK(world.a.why_closed.find("silent") != std::string::npos);
  CHECK(world.a.show(waiting.number).state == office::MessageState::kQueued);
  world.weather.swallows = false;
  world.converge();
  world.check_converged();
}

}  // namespace blo::sim
