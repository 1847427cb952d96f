// What happens again and again is counted in the diagnostics, not written each time.
#ifndef BLO_BASE_REPEATED_LINES_H
#define BLO_BASE_REPEATED_LINES_H

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace blo::diag {

/// The lines about one thing, a counterpart for example. Lines that differ in their numbers alone
/// are the same.
class RepeatedLines {
 public:
  /// A line that was not written for so long is written again.
  static constexpr milliseconds kQuiet{3'600'000};
  /// So many different lines are told apart; further ones are counted together.
  static constexpr std::size_t kTold = 16;

  /// What is to be written for this line now, if anything: itself the first time, and with the
  /// count when it has come 10, 100, 1,000 … times since.
  [[nodiscard]] std::optional<std::string> note(std::string_view line, SteadyTime now);

 private:
  struct Seen {
    SteadyTime since;
    std::uint64_t times = 0;
    std::uint64_t tell_at = 1;
  };
  std::map<std::string, Seen, std::less<>> seen_;
};

}  // namespace blo::diag

#endif
