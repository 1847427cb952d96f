// Events as they happen, over a connection of their own.
#ifndef BLO_CLI_BLO_FOLLOWER_H
#define BLO_CLI_BLO_FOLLOWER_H

#include "daemon.h"

namespace blo::v1 {
class Event;
class Receipted;
}  // namespace blo::v1

namespace blo::cli {

/// Follows from the moment it is made: what happens after `start` returned is not missed.
class Follower {
 public:
  [[nodiscard]] static Outcome<Follower> start(const Globals& globals, const Officer& officer);

  /// Of each counterpart the newest entry that had arrived when following began.
  [[nodiscard]] const std::vector<MessageNumber>& newest() const { return newest_; }

  /// The next event; nothing after `silence_max` without one.
  [[nodiscard]] Outcome<std::optional<v1::Event>> next(milliseconds silence_max);

  /// As Daemon's.
  void heed(const Interruption* interruption) { daemon_.heed(interruption); }
  /// The last await_receipt was.
  [[nodiscard]] bool interrupted() const { return interrupted_; }

  /// The receipt that covers entry `index` of the journal; nothing when the time is over, or it was
  /// interrupted.
  [[nodiscard]] Outcome<std::optional<v1::Receipted>> await_receipt(const std::string& origin,
                                                                    std::uint64_t index,
                                                                    std::uint32_t wait_seconds);

 private:
  Follower(Daemon daemon, std::vector<MessageNumber> newest)
      : daemon_(std::move(daemon)), newest_(std::move(newest)) {}
  Daemon daemon_;
  std::vector<MessageNumber> newest_;
  bool interrupted_ = false;
};

}  // namespace blo::cli

#endif
