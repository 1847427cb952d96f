// What the kernel says of its clock.
#ifndef BLO_DAEMON_NTP_H
#define BLO_DAEMON_NTP_H

#include "base/clock.h"

namespace blo::daemon {

/// NTP keeps the kernel's clock in step (adjtimex(2): STA_UNSYNC is clear), and `wall` is a reading
/// of that clock and no other: a library that shows a process another time has none for this. False
/// where the system does not answer.
[[nodiscard]] bool kept_in_step(WallTime wall);

}  // namespace blo::daemon

#endif
