// Events as they happen, over a connection of their own.
#ifndef BLO_CLI_BLO_FOLLOWER_H
#define BLO_CLI_BLO_FOLLOWER_H

#include "daemon.h"

namespace blo::v1 {
class Event;
}

namespace blo::cli {

/// Follows from the moment it is made: what happens after `start` returned is not missed.
class Follower {
 public:
  [[nodiscard]] static Outcome<Follower> start(const Globals& globals, const Officer& officer);

  /// The next event; nothing after `silence_max` without one.
  [[nodiscard]] Outcome<std::optional<v1::Event>> next(milliseconds silence_max);

 private:
  explicit Follower(Daemon daemon) : daemon_(std::move(daemon)) {}
  Daemon daemon_;
};

}  // namespace blo::cli

#endif
