#include "control/door.h"

#include <algorithm>
#include <tuple>

#include "base/check.h"

namespace blo::control {

std::size_t Door::count(std::uint64_t user) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      guests_, [user](const auto& each) { return each.second.user == user; }));
}

std::size_t Door::held_by(std::uint64_t user) const {
  std::size_t held = 0;
  for (const auto& [guest, entry] : guests_) {
    if (entry.user == user) held += entry.incoming + entry.outgoing;
  }
  return held;
}

std::size_t Door::held_bytes() const {
  std::size_t held = 0;
  for (const auto& [guest, entry] : guests_) held += entry.incoming + entry.outgoing;
  return held;
}

std::optional<std::uint64_t> Door::user_with_most() const {
  std::optional<std::uint64_t> user;
  std::size_t most = 0;
  for (const auto& [guest, entry] : guests_) {
    if (entry.standing == Standing::kOwner) continue;
    const std::size_t theirs = count(entry.user);
    if (theirs > most) {
      most = theirs;
      user = entry.user;
    }
  }
  return user;
}

std::optional<Door::Guest> Door::silent_of(std::uint64_t user) const {
  const auto rank = [](const Entry& entry) {
    return std::tuple(entry.asked, entry.state == State::kReading, entry.since);
  };
  std::optional<Guest> best;
  const Entry* first = nullptr;
  for (const auto& [guest, entry] : guests_) {
    if (entry.user != user) continue;
    if (entry.state != State::kSilent && entry.state != State::kReading) continue;
    if (first == nullptr || rank(entry) < rank(*first)) {
      first = &entry;
      best = guest;
    }
  }
  return best;
}

std::optional<Door::Guest> Door::stillest_of(std::uint64_t user) const {
  std::optional<Guest> best;
  const Entry* first = nullptr;
  for (const auto& [guest, entry] : guests_) {
    if (entry.user != user || entry.incoming + entry.outgoing == 0) continue;
    if (first == nullptr || entry.moved < first->moved) {
      first = &entry;
      best = guest;
    }
  }
  return best;
}

Door::Arrival Door::arrive(Guest guest, std::uint64_t user, Standing standing, SteadyTime now) {
  const std::size_t own = count(user);
  std::optional<Guest> gives_way;
  if (own >= limits_.connections_per_user_max) {
    gives_way = silent_of(user);
    if (!gives_way) return {false, std::nullopt};
  } else if (standing == Standing::kAnyUser) {
    const auto together = static_cast<std::size_t>(std::ranges::count_if(
        guests_, [](const auto& each) { return each.second.standing == Standing::kAnyUser; }));
    if (together >= limits_.connections_max) {
      const auto most = user_with_most();
      gives_way = silent_of(most && count(*most) > own ? *most : user);
      if (!gives_way) gives_way = silent_of(user);
      if (!gives_way) return {false, std::nullopt};
    }
  }
  const bool fresh =
      guests_
          .try_emplace(guest, Entry{.user = user, .standing = standing, .since = now, .moved = now})
          .second;
  BLO_CHECK(fresh);
  return {true, gives_way};
}

void Door::leave(Guest guest) { guests_.erase(guest); }

void Door::reading(Guest guest, SteadyTime now) {
  Entry& entry = guests_.at(guest);
  if (entry.state != State::kSilent) return;
  entry.state = State::kReading;
  entry.since = now;
}

void Door::busy(Guest guest) {
  Entry& entry = guests_.at(guest);
  entry.asked = true;
  if (entry.state != State::kFollowing) entry.state = State::kBusy;
}

void Door::answered(Guest guest, SteadyTime now) {
  const auto found = guests_.find(guest);
  if (found == guests_.end() || found->second.state == State::kFollowing) return;
  found->second.state = State::kSilent;
  found->second.since = now;
}

bool Door::follow(Guest guest) {
  Entry& entry = guests_.at(guest);
  if (entry.state == State::kFollowing) return true;
  const auto theirs = std::ranges::count_if(guests_, [&entry](const auto& each) {
    return each.second.user == entry.user && each.second.state == State::kFollowing;
  });
  if (static_cast<std::size_t>(theirs) >= limits_.followers_per_user_max) return false;
  entry.state = State::kFollowing;
  return true;
}

std::optional<Door::Guest> Door::hold(Guest guest, std::size_t incoming, std::size_t outgoing,
                                      SteadyTime now) {
  const auto found = guests_.find(guest);
  if (found == guests_.end()) return std::nullopt;
  Entry& entry = found->second;
  // More that waits to be taken is no sign of life; less is.
  if (incoming != entry.incoming || outgoing < entry.outgoing || entry.outgoing == 0)
    entry.moved = now;
  entry.incoming = incoming;
  entry.outgoing = outgoing;
  if (held_by(entry.user) > limits_.held_bytes_per_user_max) return stillest_of(entry.user);
  if (entry.standing == Standing::kOwner) return std::nullopt;
  std::map<std::uint64_t, std::size_t> by_user;
  std::size_t together = 0;
  for (const auto& [each, other] : guests_) {
    if (other.standing == Standing::kOwner) continue;
    by_user[other.user] += other.incoming + other.outgoing;
    together += other.incoming + other.outgoing;
  }
  if (together <= limits_.held_bytes_max) return std::nullopt;
  const auto most =
      std::ranges::max_element(by_user, {}, [](const auto& each) { return each.second; });
  return stillest_of(most->first);
}

std::vector<Door::Guest> Door::overdue(SteadyTime now) const {
  std::vector<Guest> found;
  for (const auto& [guest, entry] : guests_) {
    const bool untaken = entry.outgoing > 0 && now - entry.moved >= limits::kControlUntakenTimeMax;
    bool unsaid = false;
    switch (entry.state) {
      case State::kSilent:
        unsaid = now - entry.since >=
                 (entry.asked ? limits::kControlBetweenTimeMax : limits::kControlSilenceTimeMax);
        break;
      case State::kReading: unsaid = now - entry.since >= limits::kControlRequestTimeMax; break;
      case State::kBusy:
      case State::kFollowing: break;
    }
    if (untaken || unsaid) found.push_back(guest);
  }
  return found;
}

}  // namespace blo::control
