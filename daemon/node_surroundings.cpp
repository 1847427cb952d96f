// The node and what it watches beside its counterparts' messages.
#include "daemon/node.h"

namespace blo::daemon {
namespace {

constexpr milliseconds kSeenEvery{60'000};

}  // namespace

void Node::look_after_surroundings(Now now) {
  if (surroundings_seen_ && now.steady - *surroundings_seen_ < kSeenEvery) return;
  surroundings_seen_ = now.steady;
  const auto note = [this](const Result<void>& done) {
    if (!done) note_store_failure(done.error());
  };
  const auto space = office_.store().disk_space();
  if (watch_limits_.disk && space)
    note(office::watch_disk(office_, *space, *watch_limits_.disk, now));
  if (watch_limits_.backup) note(office::watch_backup(office_, *watch_limits_.backup, now));
  if (watch_limits_.contact) note(contact_watch_.look(office_, *watch_limits_.contact, now));
  if (watch_limits_.clock)
    note(clock_watch_.look(office_, clock_believed_ == true, *watch_limits_.clock, now));
}

}  // namespace blo::daemon
