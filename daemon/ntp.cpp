#include "daemon/ntp.h"

#include <sys/timex.h>

namespace blo::daemon {
namespace {

/// Between the reading and the kernel's answer.
constexpr milliseconds kReadWithin{60'000};

}  // namespace

bool kept_in_step(WallTime wall) {
  timex answer{};  // modes 0: nothing is set
  if (::adjtimex(&answer) < 0 || (answer.status & STA_UNSYNC) != 0) return false;
  const WallTime kernel{seconds(answer.time.tv_sec)};
  return std::chrono::abs(kernel - wall) <= kReadWithin;
}

}  // namespace blo::daemon
