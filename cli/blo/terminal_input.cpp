#include "terminal_input.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "crypto/secret.h"
#include "report.h"

namespace blo::cli {
namespace {

constexpr std::size_t kLineBytesMax = 1'024;
constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};

volatile std::sig_atomic_t caught = 0;
void remember(int signal) { caught = signal; }

/// Holds the signals that would end or stop the program while the echo is off, and raises the one
/// that came once it is on again.
class HeldSignals {
 public:
  HeldSignals() {
    caught = 0;
    struct sigaction action {};
    action.sa_handler = remember;
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      ::sigaction(kSignals[i], &action, &before_[i]);
    }
  }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;
  ~HeldSignals() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      ::sigaction(kSignals[i], &before_[i], nullptr);
    }
    if (caught != 0) ::raise(caught);
  }

 private:
  std::array<struct sigaction, kSignals.size()> before_{};
};

class Terminal {
 public:
  Terminal() : fd_(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {}
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    if (hidden_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] bool ok() const { return fd_ >= 0; }
  [[nodiscard]] int fd() const { return fd_; }

  [[nodiscard]] bool hide_input() {
    if (::tcgetattr(fd_, &before_) != 0) return false;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= ECHONL;
    hidden_ = ::tcsetattr(fd_, TCSAFLUSH, &quiet) == 0;
    return hidden_;
  }

  void write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t written = ::write(fd_, text.data(), text.size());
      if (written <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }

 private:
  int fd_;
  bool hidden_ = false;
  termios before_{};
};

/// False when the line does not end (hang-up, signal, too long).
bool read_line(int fd, Bytes& line) {
  line.reserve(kLineBytesMax);
  for (;;) {
    Byte next = 0;
    const ssize_t got = ::read(fd, &next, 1);
    if (got < 0 && errno == EINTR && caught == 0) continue;
    if (got <= 0 || line.size() == kLineBytesMax) return false;
    if (next == '\n') return true;
    line.push_back(next);
  }
}

}  // namespace

Outcome<Bytes> read_terminal_line(const std::string& question, Echo echo) {
  const HeldSignals held;  // outlives the terminal's hidden state
  Terminal terminal;
  if (!terminal.ok() || (echo == Echo::kOff && !terminal.hide_input())) {
    return usage("There is no terminal to ask at.",
                 echo == Echo::kOff ? "Give --passphrase-file." : "Give it as an option.");
  }
  terminal.write(Shown(question).text());
  Bytes line;
  if (!read_line(terminal.fd(), line)) {
    crypto::wipe(line);
    return usage("The answer was broken off.");
  }
  return line;
}

}  // namespace blo::cli
