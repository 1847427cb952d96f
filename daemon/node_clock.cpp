// The node and its machine's clock: what waits while that is not believed.
#include "base/diag.h"
#include "daemon/node.h"
#include "office/clock_doubt.h"

namespace blo::daemon {

void Node::catch_up(Now now) {
  for (const auto& pair : office_.pairs()) {
    const auto done = office_.catch_up(*pair, now);
    if (!done) note_store_failure(done.error());
  }
}

void Node::look_after_clock(Now now) {
  const bool doubted = !clock_doubt_.empty();
  clock_doubt_ = office::clock_doubt(office_.keys(), now.wall);
  if (!clock_doubt_.empty()) {
    if (!doubted)
      diag::error("this machine's clock says " + to_rfc3339(now.wall) + ", and " + clock_doubt_ +
                  ": nothing is entered before the clock is right (timedatectl)");
    return;
  }
  if (const auto begun = office_.begin_after_restore(now); !begun)
    note_store_failure(begun.error());
  if (!doubted) return;
  diag::info("this machine's clock says " + to_rfc3339(now.wall) +
             ", at which the office's certificate holds: everything goes on");
  started_ = now.wall - (now.steady - began_);
  for (const auto& pair : office_.pairs()) dial_soon(*pair);
}

/// What was to be said while the clock was not believed is entered once it is.
void Node::note_clock(Now now) {
  const bool goes_on = office_.clock().believed(now);
  const bool believed = clock_doubt_.empty() && goes_on;
  if (believed == clock_believed_) return;
  clock_believed_ = believed;
  const auto view = office_.clock().view(now);
  if (!goes_on) return diag::warning("the clock is not believed: " + view.why);
  if (!believed) return;  // look_after_clock() has said why
  diag::info("the clock is believed: " + view.why);
  catch_up(now);
}

}  // namespace blo::daemon
