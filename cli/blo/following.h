// What arrives, shown as it arrives, until somebody interrupts it: a daemon that is started again
// is followed on, from where the one before it ended.
#ifndef BLO_CLI_BLO_FOLLOWING_H
#define BLO_CLI_BLO_FOLLOWING_H

#include <map>
#include <set>

#include "follower.h"
#include "listing.h"

namespace blo::v1 {
class MessageSummary;
}  // namespace blo::v1

namespace blo::cli {

class Following {
 public:
  Following(const Globals& globals, const Officer& officer, const Listing& listing)
      : globals_(globals), officer_(officer), listing_(listing) {}

  /// Shows the list, oldest first, and then what arrives. Ends only with a failure: the officer may
  /// follow no more, or stdout takes no more.
  [[nodiscard]] Failure run();

 private:
  /// Each ends with a failure; one of a daemon that is not there any more is waited out.
  [[nodiscard]] Failure begin();
  [[nodiscard]] Failure go_on();
  [[nodiscard]] Failure follow(Follower& follower);

  /// What arrived since the last that was shown, oldest first.
  [[nodiscard]] Outcome<void> show_missed(Daemon& daemon);
  [[nodiscard]] Outcome<void> add_missed(Daemon& daemon, std::vector<v1::MessageSummary>& missed);
  void show(const v1::MessageSummary& message, bool listed);
  /// As it arrives, where it was not shown before.
  void show_once(const MessageNumber& number, const v1::MessageSummary& message);
  [[nodiscard]] bool is_past(const MessageNumber& number) const;
  /// What had arrived when following began is shown: what the follower gives comes next.
  void go_on_behind(const Follower& follower);

  const Globals& globals_;
  const Officer& officer_;
  const Listing& listing_;
  std::map<OfficeId, MessageNumber> newest_;  // by counterpart: up to where everything is shown
  std::set<std::string> listed_;              // by the first list
  bool lost_ = false;                         // no daemon is followed now
};

}  // namespace blo::cli

#endif
