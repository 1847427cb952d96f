#include "interruption.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace blo::cli {
namespace {

volatile std::sig_atomic_t noted_in = -1;

void note(int) {
  const int before = errno;
  const std::uint64_t once = 1;
  // It fails only where it is readable already.
  [[maybe_unused]] const auto written = ::write(noted_in, &once, sizeof once);
  errno = before;
}

}  // namespace

Interruption::Interruption() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_ < 0) return;
  noted_in = fd_;
  struct sigaction action {};
  action.sa_handler = note;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    ::sigaction(kSignals[i], nullptr, &before_[i]);
    if (before_[i].sa_handler != SIG_IGN) ::sigaction(kSignals[i], &action, nullptr);
  }
}

Interruption::~Interruption() {
  if (fd_ < 0) return;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    if (before_[i].sa_handler != SIG_IGN) ::sigaction(kSignals[i], &before_[i], nullptr);
  }
  noted_in = -1;
  ::close(fd_);
}

}  // namespace blo::cli
