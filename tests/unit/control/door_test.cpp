// Who may be at the control socket, and who has to go.
#include "control/door.h"

#include <catch2/catch.hpp>

namespace blo::control {
namespace {

using Standing = Door::Standing;
constexpr SteadyTime kStart(milliseconds(1'000'000));
constexpr std::uint64_t kOfficer = 1001;
constexpr std::uint64_t kGuest = 1002;
constexpr std::uint64_t kRoot = 0;

DoorLimits narrow() {
  DoorLimits limits;
  limits.connections_max = 6;
  limits.connections_per_user_max = 4;
  limits.followers_per_user_max = 2;
  limits.held_bytes_max = 150;
  limits.held_bytes_per_user_max = 100;
  return limits;
}

/// The caller hangs up on who is named.
bool come(Door& door, Door::Guest guest, std::uint64_t user, SteadyTime now = kStart,
          Standing standing = Standing::kAnyUser) {
  const auto arrival = door.arrive(guest, user, standing, now);
  if (arrival.gives_way) door.leave(*arrival.gives_way);
  return arrival.admitted;
}

TEST_CASE("a user's silent connections make room for the same user's next") {
  Door door(narrow());
  for (Door::Guest guest = 1; guest <= 4; ++guest)
    CHECK(come(door, guest, kOfficer, kStart + milliseconds(guest)));
  const auto fifth = door.arrive(5, kOfficer, Standing::kAnyUser, kStart + seconds(1));
  CHECK(fifth.admitted);
  CHECK(fifth.gives_way == 1);
}

TEST_CASE("who never asked anything gives way before who did") {
  Door door(narrow());
  for (Door::Guest guest = 1; guest <= 4; ++guest) CHECK(come(door, guest, kOfficer));
  for (const Door::Guest guest : std::vector<Door::Guest>{1, 2, 4}) {
    door.busy(guest);
    door.answered(guest, kStart);
  }
  CHECK(door.arrive(5, kOfficer, Standing::kAnyUser, kStart).gives_way == 3);
}

TEST_CASE("who is being answered or follows does not give way") {
  Door door(narrow());
  for (Door::Guest guest = 1; guest <= 4; ++guest) {
    CHECK(come(door, guest, kOfficer));
    door.busy(guest);
  }
  CHECK(door.follow(1));
  door.answered(1, kStart);
  const auto fifth = door.arrive(5, kOfficer, Standing::kAnyUser, kStart);
  CHECK_FALSE(fifth.admitted);
  CHECK_FALSE(fifth.gives_way);
  door.answered(4, kStart);
  CHECK(door.arrive(5, kOfficer, Standing::kAnyUser, kStart).gives_way == 4);
}

TEST_CASE("where all is full the user with the most makes room for one with fewer") {
  Door door(narrow());
  for (Door::Guest guest = 1; guest <= 4; ++guest) CHECK(come(door, guest, kGuest));
  CHECK(come(door, 5, 1003));
  CHECK(come(door, 6, 1004));
  const auto officer = door.arrive(7, kOfficer, Standing::kAnyUser, kStart);
  CHECK(officer.admitted);
  CHECK(officer.gives_way == 1);
}

TEST_CASE(
    "root and the daemon's user have room beside everybody else's, and a share of their own") {
  Door door(narrow());
  for (Door::Guest guest = 1; guest <= 6; ++guest) {
    CHECK(come(door, guest, kGuest + guest / 4));
    door.busy(guest);
  }
  CHECK_FALSE(come(door, 7, kOfficer));
  for (Door::Guest guest = 8; guest <= 11; ++guest) {
    CHECK(come(door, guest, kRoot, kStart, Standing::kOwner));
    door.busy(guest);
  }
  CHECK_FALSE(come(door, 12, kRoot, kStart, Standing::kOwner));
}

TEST_CASE("a user follows so often and no more, and again once one has left") {
  Door door(narrow());
  for (Door::Guest guest = 1; guest <= 3; ++guest) CHECK(come(door, guest, kOfficer));
  CHECK(door.follow(1));
  CHECK(door.follow(2));
  CHECK(door.follow(2));
  CHECK_FALSE(door.follow(3));
  door.leave(1);
  CHECK(door.follow(3));
}

TEST_CASE("a user's bytes are bounded and the request that lies still longest goes") {
  Door door(narrow());
  for (Door::Guest guest = 1; guest <= 3; ++guest) {
    CHECK(come(door, guest, kGuest));
    CHECK_FALSE(door.hold(guest, 30, 0, kStart + milliseconds(guest)));
  }
  CHECK_FALSE(door.hold(1, 31, 0, kStart + milliseconds(10)));
  CHECK(come(door, 4, kGuest));
  CHECK(door.hold(4, 20, 0, kStart + milliseconds(11)) == 2);
  door.leave(2);
  CHECK_FALSE(door.hold(4, 30, 0, kStart + milliseconds(12)));
  CHECK(door.held_bytes() == 91);
}

TEST_CASE("an answer that is not taken counts as much, and more of it is no sign of life") {
  Door door(narrow());
  CHECK(come(door, 1, kGuest));
  CHECK(come(door, 2, kGuest));
  CHECK_FALSE(door.hold(1, 0, 30, kStart));
  CHECK_FALSE(door.hold(2, 0, 30, kStart + milliseconds(1)));
  CHECK_FALSE(door.hold(1, 0, 60, kStart + milliseconds(2)));
  CHECK(door.hold(2, 0, 50, kStart + milliseconds(3)) == 1);
}

TEST_CASE("where all hold too much the user that holds most loses what lies still") {
  Door door(narrow());
  CHECK(come(door, 1, kGuest));
  CHECK(come(door, 2, kGuest));
  CHECK(come(door, 3, kOfficer));
  CHECK_FALSE(door.hold(1, 50, 0, kStart));
  CHECK_FALSE(door.hold(2, 45, 0, kStart + milliseconds(1)));
  CHECK(door.hold(3, 60, 0, kStart + milliseconds(2)) == 1);
  CHECK(come(door, 4, kRoot, kStart, Standing::kOwner));
  door.leave(1);
  CHECK_FALSE(door.hold(4, 100, 0, kStart));
}

TEST_CASE("who says nothing, or does not end a request, has so long and followers have for ever") {
  Door door(narrow());
  CHECK(come(door, 1, kOfficer));
  CHECK(come(door, 2, kOfficer));
  CHECK(come(door, 3, kOfficer));
  CHECK(come(door, 4, kOfficer));
  door.reading(2, kStart);
  door.reading(2, kStart + seconds(15));  // more bytes of the same
  door.busy(3);
  CHECK(door.follow(3));
  door.busy(4);
  door.answered(4, kStart);
  const auto overdue_after = [&](milliseconds time) { return door.overdue(kStart + time); };
  using Guests = std::vector<Door::Guest>;
  CHECK(overdue_after(limits::kControlRequestTimeMax - milliseconds(1)).empty());
  CHECK(overdue_after(limits::kControlRequestTimeMax) == Guests{2});
  CHECK(overdue_after(limits::kControlSilenceTimeMax) == Guests{1, 2});
  CHECK(overdue_after(limits::kControlBetweenTimeMax) == Guests{1, 2, 4});
}

TEST_CASE("who takes nothing of its answer has so long, whatever it is doing") {
  Door door(narrow());
  CHECK(come(door, 1, kOfficer));
  door.busy(1);
  CHECK(door.follow(1));
  CHECK_FALSE(door.hold(1, 0, 50, kStart));
  CHECK_FALSE(door.hold(1, 0, 40, kStart + seconds(30)));
  CHECK_FALSE(door.hold(1, 0, 60, kStart + seconds(50)));
  CHECK(door.overdue(kStart + seconds(89)).empty());
  CHECK(door.overdue(kStart + seconds(90)).size() == 1);
}

}  // namespace
}  // namespace blo::control
