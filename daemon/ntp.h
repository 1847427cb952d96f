// What the kernel says of its clock: asked, or told by a process that may ask.
#ifndef BLO_DAEMON_NTP_H
#define BLO_DAEMON_NTP_H

#include <filesystem>

#include "base/clock.h"
#include "base/result.h"

namespace blo::daemon {

/// NTP keeps the kernel's clock in step (adjtimex(2): STA_UNSYNC is clear), and `wall` is a reading
/// of that clock and no other: a library that shows a process another time has none for this. False
/// where the system does not answer.
/// `state`: the file that tell_ntp_state() writes, where this process may not ask; empty: it may.
/// The file counts while it is newer than 30 s, and nobody but this user or root could have changed
/// it.
[[nodiscard]] bool kept_in_step(WallTime wall, const std::filesystem::path& state);

/// Asks every five seconds and writes the answer to `state`, until SIGTERM or SIGINT.
/// FileError: it cannot be written.
[[nodiscard]] Result<void> tell_ntp_state(const std::filesystem::path& state);

}  // namespace blo::daemon

#endif
