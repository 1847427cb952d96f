// Whom a listener hears, and who gives way: no sockets, no clock, no chance.
#include "transport/door.h"

#include <catch2/catch.hpp>

namespace blo::transport {
namespace {

using boost::asio::ip::make_address;
using Verdict = Door::Verdict;

const auto kNat = make_address("192.0.2.1");
const auto kOther = make_address("192.0.2.2");
constexpr SteadyTime kStart(milliseconds(1'000'000));

std::size_t first_of(std::size_t /*below*/) { return 0; }
std::size_t last_of(std::size_t below) { return below - 1; }

Bytes message(std::uint64_t number) {
  Bytes bytes(40);
  append_be(bytes, number);
  return bytes;
}

DoorLimits narrow() {
  DoorLimits limits;
  limits.silent_max = 6;
  limits.silent_per_network_max = 3;
  limits.waiting_max = 4;
  limits.waiting_per_network_max = 2;
  limits.half_open_max = 4;
  limits.half_open_per_network_max = 2;
  limits.at_once = 3;
  limits.per_second = 1;
  limits.at_once_of_all = 10;
  limits.per_second_of_all = 10;
  return limits;
}

/// A caller with a whole first message; nobody has to give way to its arrival.
Verdict call(Door& door, Door::Caller caller, const boost::asio::ip::address& from,
             std::uint64_t number, SteadyTime now) {
  CHECK_FALSE(door.arrive(caller, from, now));
  return door.first_message(caller, message(number), now).verdict;
}

TEST_CASE("an IPv6 /64 is one network and an IPv4 address is its own") {
  CHECK(network_of(make_address("2001:db8::1")) == network_of(make_address("2001:db8::ff:2")));
  CHECK(network_of(make_address("2001:db8::1")) != network_of(make_address("2001:db8:0:1::1")));
  CHECK(network_of(kNat) == kNat);
}

TEST_CASE("a silent caller of the same network gives way and no newcomer is turned away") {
  Door door(narrow(), first_of);
  for (Door::Caller caller = 1; caller <= 3; ++caller)
    CHECK_FALSE(door.arrive(caller, kNat, kStart));
  CHECK_FALSE(door.arrive(4, kOther, kStart));
  CHECK(door.arrive(5, kNat, kStart) == 1);
  door.leave(1);
  CHECK(door.arrive(6, kNat, kStart) == 2);
  CHECK(door.first_message(6, message(6), kStart).verdict == Verdict::kLookAt);
}

TEST_CASE("where all is full a silent caller of any network gives way") {
  Door door(narrow(), last_of);
  for (Door::Caller caller = 1; caller <= 6; ++caller) {
    const auto network = boost::asio::ip::address_v4(static_cast<unsigned>(caller));
    CHECK_FALSE(door.arrive(caller, network, kStart));
  }
  CHECK(door.arrive(7, kNat, kStart) == 6);
}

TEST_CASE("who has said its first message does not give way to the silent") {
  Door door(narrow(), first_of);
  CHECK(call(door, 1, kNat, 1, kStart) == Verdict::kLookAt);
  CHECK_FALSE(door.verified(1));
  for (Door::Caller caller = 2; caller <= 4; ++caller)
    CHECK_FALSE(door.arrive(caller, kNat, kStart));
  CHECK(door.arrive(5, kNat, kStart) == 2);
}

TEST_CASE("a first message that verified is never looked at again") {
  Door door(narrow(), first_of);
  CHECK(call(door, 1, kNat, 7, kStart) == Verdict::kLookAt);
  CHECK_FALSE(door.verified(1));
  CHECK(call(door, 2, kOther, 7, kStart) == Verdict::kSeen);
  door.leave(1);
  door.leave(2);
  CHECK(call(door, 3, kNat, 7, kStart + seconds(3600)) == Verdict::kSeen);
}

TEST_CASE("one that did not verify is no reason to refuse the same bytes again") {
  Door door(narrow(), first_of);
  CHECK(call(door, 1, kNat, 7, kStart) == Verdict::kLookAt);
  door.leave(1);
  CHECK(call(door, 2, kNat, 7, kStart) == Verdict::kLookAt);
}

TEST_CASE("so many messages are remembered and the oldest are forgotten first") {
  DoorLimits limits = narrow();
  limits.remembered_max = 10;
  limits.at_once = 100;
  limits.at_once_of_all = 100;
  Door door(limits, first_of);
  for (Door::Caller caller = 1; caller <= 25; ++caller) {
    CHECK(call(door, caller, kNat, caller, kStart) == Verdict::kLookAt);
    CHECK_FALSE(door.verified(caller));
    door.leave(caller);
  }
  CHECK(call(door, 100, kNat, 25, kStart) == Verdict::kSeen);
  CHECK(call(door, 101, kNat, 15, kStart) == Verdict::kSeen);
  CHECK(call(door, 102, kNat, 1, kStart) == Verdict::kLookAt);
}

TEST_CASE("a network's tokens run out and come back with time, and others have their own") {
  Door door(narrow(), first_of);
  for (Door::Caller caller = 1; caller <= 3; ++caller) {
    CHECK(call(door, caller, kNat, caller, kStart) == Verdict::kLookAt);
    door.leave(caller);
  }
  CHECK(call(door, 4, kNat, 4, kStart) == Verdict::kWait);
  CHECK(call(door, 5, kOther, 5, kStart) == Verdict::kLookAt);
  door.leave(4);
  door.leave(5);
  CHECK(call(door, 6, kNat, 6, kStart + milliseconds(999)) == Verdict::kWait);
  CHECK(call(door, 7, kNat, 7, kStart + milliseconds(1'000)) == Verdict::kLookAt);
  door.leave(6);
  door.leave(7);
  int at_once = 0;
  for (Door::Caller caller = 8; caller < 18; ++caller) {
    if (call(door, caller, kNat, caller, kStart + seconds(3600)) == Verdict::kLookAt) ++at_once;
    door.leave(caller);
  }
  CHECK(at_once == 3);
}

TEST_CASE("the tokens of all networks together are bounded, too") {
  Door door(narrow(), first_of);
  int looked_at = 0;
  for (Door::Caller caller = 1; caller <= 20; ++caller) {
    const auto network = boost::asio::ip::address_v4(static_cast<unsigned>(caller));
    if (call(door, caller, network, caller, kStart) == Verdict::kLookAt) ++looked_at;
    door.leave(caller);
  }
  CHECK(looked_at == 10);
}

/// A door whose network has no token left, with two callers, 11 and 12, that wait.
void let_two_wait(Door& door) {
  for (Door::Caller caller = 1; caller <= 3; ++caller) {
    CHECK(call(door, caller, kNat, caller, kStart) == Verdict::kLookAt);
    door.leave(caller);
  }
  CHECK(call(door, 11, kNat, 11, kStart) == Verdict::kWait);
  CHECK(call(door, 12, kNat, 12, kStart) == Verdict::kWait);
}

TEST_CASE("one of those who wait, chosen by chance, is looked at every 50 ms") {
  for (const bool last : {false, true}) {
    Door door(narrow(), last ? last_of : first_of);
    let_two_wait(door);
    const auto drawn = door.draw(kStart);
    REQUIRE(drawn);
    CHECK(drawn->caller == (last ? 12U : 11U));
    CHECK(drawn->verdict == Verdict::kLookAt);
    door.leave(drawn->caller);
    CHECK_FALSE(door.draw(kStart + milliseconds(49)));
    CHECK(door.next() == kStart + milliseconds(50));
    CHECK(door.draw(kStart + milliseconds(50))->caller == (last ? 11U : 12U));
  }
}

TEST_CASE("one who waits gives way to the next who waits") {
  Door door(narrow(), first_of);
  let_two_wait(door);
  CHECK_FALSE(door.arrive(13, kNat, kStart));
  const auto judged = door.first_message(13, message(13), kStart);
  CHECK(judged.verdict == Verdict::kWait);
  CHECK(judged.gives_way == 11);
}

TEST_CASE("the same message waiting twice is looked at once and the other costs nobody a turn") {
  Door door(narrow(), first_of);
  for (Door::Caller caller = 1; caller <= 3; ++caller) {
    CHECK(call(door, caller, kNat, caller, kStart) == Verdict::kLookAt);
    door.leave(caller);
  }
  CHECK(call(door, 11, kNat, 7, kStart) == Verdict::kWait);
  CHECK(call(door, 12, kNat, 7, kStart) == Verdict::kWait);
  CHECK(door.draw(kStart)->caller == 11);
  CHECK_FALSE(door.verified(11));
  const auto twin = door.draw(kStart + milliseconds(50));
  REQUIRE(twin);
  CHECK(twin->caller == 12);
  CHECK(twin->verdict == Verdict::kSeen);
  door.leave(12);
  CHECK(call(door, 13, kNat, 13, kStart + milliseconds(50)) == Verdict::kWait);
  CHECK(door.draw(kStart + milliseconds(50))->caller == 13);
}

TEST_CASE(
    "of those who know the office so many wait for their last message, by network and in all") {
  Door door(narrow(), first_of);
  for (Door::Caller caller = 1; caller <= 3; ++caller) {
    CHECK(call(door, caller, kNat, caller, kStart) == Verdict::kLookAt);
    const auto gives_way = door.verified(caller);
    CHECK(gives_way == (caller == 3 ? std::optional<Door::Caller>(1) : std::nullopt));
  }
}

TEST_CASE(
    "who is silent or waits is overdue after the handshake's time, and the half open are not") {
  Door door(narrow(), first_of);
  CHECK_FALSE(door.next());
  CHECK_FALSE(door.arrive(1, kNat, kStart));
  CHECK(door.next() == kStart + limits::kHandshakeTimeMax);
  CHECK(call(door, 2, kNat, 2, kStart) == Verdict::kLookAt);
  CHECK_FALSE(door.verified(2));
  CHECK(door.overdue(kStart + limits::kHandshakeTimeMax - milliseconds(1)).empty());
  CHECK(door.overdue(kStart + limits::kHandshakeTimeMax) == std::vector<Door::Caller>{1});
}

}  // namespace
}  // namespace blo::transport
