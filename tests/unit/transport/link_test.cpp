// Links over loopback.
#include "transport/link.h"

#include <catch2/catch.hpp>

#include "world.h"

namespace blo::transport {
namespace {

using session::SessionError;

void exchange_both_ways(World& world, std::size_t index) {
  const auto link = world.connect(index);
  const auto answering = world.answerer.opened.back();
  CHECK(link->peer() == pair_of(kAnswerer).public_key);
  CHECK(answering->peer() == pair_of(kDialler).public_key);
  CHECK(link->handshake_hash() == answering->handshake_hash());

  const std::size_t dialler_before = world.dialler.frames.size();
  const std::size_t answerer_before = world.answerer.frames.size();
  const std::vector<Bytes> frames{{1}, Bytes(1000, 2), Bytes(60'000, 3)};
  for (const Bytes& frame : frames) {
    REQUIRE(link->send_frame(frame).has_value());
    REQUIRE(answering->send_frame(frame).has_value());
  }
  REQUIRE(world.run_until([&] {
    return world.dialler.frames.size() == dialler_before + frames.size() &&
           world.answerer.frames.size() == answerer_before + frames.size();
  }));
  for (std::size_t i = 0; i < frames.size(); ++i) {
    CHECK(world.dialler.frames[dialler_before + i] == frames[i]);
    CHECK(world.answerer.frames[answerer_before + i] == frames[i]);
  }
  CHECK(link->counters().frames_out == frames.size());
  CHECK(link->counters().frames_in == frames.size());
  CHECK(link->counters().bytes_out == answering->counters().bytes_in);
  CHECK(link->counters().bytes_in == answering->counters().bytes_out);
  const std::uint64_t handshake = 50 + 66;
  CHECK(link->counters().bytes_out == handshake + 61'001 + 3 * 18);
}

TEST_CASE("frames go both ways over IPv4") {
  World world;
  world.listen();
  exchange_both_ways(world, 0);
}

TEST_CASE("frames go both ways over IPv6 beside IPv4") {
  World world;
  auto opened =
      Listener::open(world.io.get_executor(),
                     ListenOptions({"127.0.0.1:0", "[::1]:0"}, answer_options), world.answerer);
  if (!opened) {
    WARN("no IPv6 here: " << opened.error().message());
    return;
  }
  world.listener = *opened;
  exchange_both_ways(world, 0);
  exchange_both_ways(world, 1);
}

TEST_CASE("many frames queued at once arrive whole and in order") {
  World world;
  world.listen();
  const auto link = world.connect();
  Bytes frame(16 * 1024);
  for (std::size_t i = 0; i < 200; ++i) {
    frame[0] = static_cast<Byte>(i);
    REQUIRE(link->send_frame(frame).has_value());
  }
  REQUIRE(world.run_until([&] { return world.answerer.frames.size() == 200; }));
  for (std::size_t i = 0; i < 200; ++i) CHECK(world.answerer.frames[i][0] == i);
  CHECK(link->queued_bytes() == 0);
}

TEST_CASE("a rekey announced in a frame is followed from inside the handler") {
  World world;
  world.listen();
  const auto link = world.connect();
  world.answerer.react = [](Link& at, const Bytes& frame) {
    if (frame == Bytes{0xff}) at.rekey_receiving();
  };
  REQUIRE(link->send_frame(Bytes{1}).has_value());
  REQUIRE(link->send_frame(Bytes{0xff}).has_value());
  link->rekey_sending();
  REQUIRE(link->send_frame(Bytes{2}).has_value());
  REQUIRE(world.run_until([&] { return world.answerer.frames.size() == 3; }));
  CHECK(world.answerer.frames == std::vector<Bytes>{{1}, {0xff}, {2}});
  CHECK_FALSE(link->rekey_due());
}

TEST_CASE("closing delivers what is queued and tells both sides once") {
  World world;
  world.listen();
  const auto link = world.connect();
  const Bytes frame(16 * 1024, 7);
  for (int i = 0; i < 100; ++i) REQUIRE(link->send_frame(frame).has_value());
  link->close();
  link->close();
  CHECK(link->send_frame(frame).error() == TransportError::kClosed);
  REQUIRE(world.run_until([&] { return world.dialler.closed == 1 && world.answerer.closed == 1; }));
  CHECK(world.answerer.frames.size() == 100);
  CHECK_FALSE(world.dialler.ends[0]);
  REQUIRE(world.answerer.ends[0]);
  CHECK(*world.answerer.ends[0] == TransportError::kClosed);
  CHECK_FALSE(link->alive());
}

TEST_CASE("closing from inside a handler drops the frames after it") {
  World world;
  world.listen();
  const auto link = world.connect();
  world.answerer.react = [](Link& at, const Bytes&) {
    CHECK(at.send_frame(Bytes{99}).has_value());
    at.close();
  };
  for (Byte i = 0; i < 5; ++i) REQUIRE(link->send_frame(Bytes(1, i)).has_value());
  REQUIRE(world.run_until([&] { return world.dialler.closed == 1 && world.answerer.closed == 1; }));
  CHECK(world.answerer.frames == std::vector<Bytes>{{0}});
  CHECK(world.dialler.frames == std::vector<Bytes>{{99}});
  CHECK_FALSE(world.answerer.ends[0]);
}

TEST_CASE("an abandoned link ends without an event") {
  World world;
  world.listen();
  const auto link = world.connect();
  link->abandon();
  REQUIRE(world.run_until([&] { return world.answerer.closed == 1; }));
  CHECK(world.dialler.closed == 0);
  CHECK_FALSE(link->alive());
}

TEST_CASE("a link may be abandoned from inside its own events") {
  World world;
  world.listen();
  world.answerer.at_open = [](Link& at) { at.abandon(); };
  const auto link = world.dial_now(world.address()).value();
  link->start();
  REQUIRE(world.run_until([&] { return world.dialler.closed == 1; }));
  CHECK(world.answerer.closed == 0);
  CHECK(world.answerer.opened.size() == 1);
}

TEST_CASE("a dialler is told that it was not accepted") {
  World world;
  world.listen();
  session::DialOptions options = dial_options();
  options.psk = crypto::Key(ByteView(Bytes(32, 0x99)));
  const auto link = world.dial_now(world.address(), std::move(options)).value();
  link->start();
  REQUIRE(world.run_until([&] { return world.dialler.closed == 1; }));
  REQUIRE(world.dialler.ends[0]);
  CHECK(*world.dialler.ends[0] == TransportError::kNotAccepted);
  CHECK(world.dialler.ends[0]->detail() == world.address());
  CHECK(world.answerer.opened.empty());
  CHECK(world.answerer.closed == 0);
  CHECK(world.listener->counters().failed == 1);
  CHECK(world.listener->counters().failed_known == 1);
}

TEST_CASE("a dialler with another office's key is told that it was refused") {
  World world;
  world.listen();
  session::DialOptions options = dial_options();
  options.responder_key = pair_of(0x44).public_key;
  const auto link = world.dial_now(world.address(), std::move(options)).value();
  link->start();
  REQUIRE(world.run_until([&] { return world.dialler.closed == 1; }));
  REQUIRE(world.dialler.ends[0]);
  CHECK(*world.dialler.ends[0] == TransportError::kRefused);
  CHECK(world.dialler.opened.empty());
  CHECK(world.listener->counters().failed == 1);
  CHECK(world.listener->counters().failed_known == 0);
}

TEST_CASE("a key of low order ends the link after start has returned") {
  World world;
  world.listen();
  session::DialOptions options = dial_options();
  options.responder_key.fill(0);
  const auto link = world.dial_now(world.address(), std::move(options)).value();
  link->start();
  CHECK(world.dialler.closed == 0);
  REQUIRE(world.run_until([&] { return world.dialler.closed == 1; }));
  CHECK(*world.dialler.ends[0] == SessionError::kLowOrderKey);
}

TEST_CASE("a peer that does not read costs no more than the queue") {
  World world;
  world.listen();
  const auto link = world.connect();
  const Bytes frame(60'000, 1);
  std::optional<Error> refused;
  for (int i = 0; i < 200 && !refused; ++i) {
    const auto sent = link->send_frame(frame);  // nothing runs, so nothing is written
    if (!sent) refused = sent.error();
  }
  REQUIRE(refused);
  CHECK(*refused == SessionError::kQueueFull);
  CHECK(world.dialler.closed == 0);
  REQUIRE(world.run_until([&] { return world.dialler.closed == 1 && world.answerer.closed == 1; }));
  CHECK(*world.dialler.ends[0] == SessionError::kQueueFull);
}

}  // namespace
}  // namespace blo::transport
