// Ctrl-C while something is waited for that goes on without this program.
#ifndef BLO_CLI_BLO_INTERRUPTION_H
#define BLO_CLI_BLO_INTERRUPTION_H

#include <array>
#include <csignal>

namespace blo::cli {

/// As long as it lives, what would end the program (SIGINT, SIGTERM, SIGHUP) is noted instead, so
/// that whoever waits can say what remains. Signals that were ignored before stay so. One at a
/// time; in a program with one thread.
class Interruption {
 public:
  Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
  ~Interruption();

  /// Readable from the first signal on. -1: the system gave none, and nothing is noted.
  [[nodiscard]] int fd() const { return fd_; }

 private:
  static constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};
  int fd_;
  std::array<struct sigaction, kSignals.size()> before_{};
};

}  // namespace blo::cli

#endif
