// Who may be at the control socket, how many at once, how long they may say nothing, and how many
// bytes of theirs are held: so that no local user can keep the others out.
#ifndef BLO_CONTROL_DOOR_H
#define BLO_CONTROL_DOOR_H

#include <map>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"

namespace blo::control {

/// What the door allows; tests choose smaller ones.
struct DoorLimits {
  std::size_t connections_max = limits::kControlConnectionsMax;
  std::size_t connections_per_user_max = limits::kControlConnectionsPerUserMax;
  std::size_t followers_per_user_max = limits::kControlFollowersPerUserMax;
  std::size_t held_bytes_max = limits::kControlHeldBytesMax;
  std::size_t held_bytes_per_user_max = limits::kControlHeldBytesPerUserMax;
};

/// Pure: connections are numbers, users are the kernel's, time is an argument. Where one has to go,
/// the door names it, and the caller hangs up on it and tells leave().
///
/// A guest is one of
///
///   silent ──a request begins──► reading ──it is whole──► busy ──answered──► silent
///   busy ──follow──► following, until it leaves
///
/// Each user has a share of the connections and of the bytes. Within a full share a silent guest
/// gives way to the newcomer, one that never asked anything before one that did; where the whole
/// door is full, the user with the most connections makes room for one with fewer. The daemon's own
/// user and root count for themselves alone: others cannot take their room.
class Door {
 public:
  using Guest = std::uint64_t;
  enum class Standing { kAnyUser, kOwner };

  explicit Door(DoorLimits limits = {}) : limits_(limits) {}

  struct Arrival {
    bool admitted;
    std::optional<Guest> gives_way;
  };
  [[nodiscard]] Arrival arrive(Guest guest, std::uint64_t user, Standing standing, SteadyTime now);
  void leave(Guest guest);

  /// Bytes of a request are here and it is not whole: its time runs from the first of them.
  void reading(Guest guest, SteadyTime now);
  /// A whole request is here: what it takes to answer it is not the guest's fault.
  void busy(Guest guest);
  /// The answer has been made; nothing, or no more, has come yet.
  void answered(Guest guest, SteadyTime now);
  /// Whether this guest may follow; from here on it need not say anything.
  [[nodiscard]] bool follow(Guest guest);

  /// What is held for this guest now: bytes of a request that is not whole, bytes it has not taken.
  /// The one who has to go where that is too much: of the user that holds most the guest whose
  /// bytes have lain still longest.
  [[nodiscard]] std::optional<Guest> hold(Guest guest, std::size_t incoming, std::size_t outgoing,
                                          SteadyTime now);

  /// Who has said nothing, or taken nothing, for too long.
  [[nodiscard]] std::vector<Guest> overdue(SteadyTime now) const;

  [[nodiscard]] std::size_t size() const { return guests_.size(); }
  [[nodiscard]] std::size_t held_bytes() const;

 private:
  enum class State { kSilent, kReading, kBusy, kFollowing };
  struct Entry {
    std::uint64_t user;
    Standing standing;
    State state = State::kSilent;
    bool asked = false;  // a whole request once
    SteadyTime since;    // when the state began
    SteadyTime moved;    // when bytes for it, or from it, moved last
    std::size_t incoming = 0;
    std::size_t outgoing = 0;
  };

  [[nodiscard]] std::size_t count(std::uint64_t user) const;
  [[nodiscard]] std::size_t held_by(std::uint64_t user) const;
  /// The users of any standing that counts together, each once.
  [[nodiscard]] std::optional<std::uint64_t> user_with_most() const;
  [[nodiscard]] std::optional<Guest> silent_of(std::uint64_t user) const;
  [[nodiscard]] std::optional<Guest> stillest_of(std::uint64_t user) const;

  DoorLimits limits_;
  std::map<Guest, Entry> guests_;
};

}  // namespace blo::control

#endif
