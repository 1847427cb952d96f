#include "holder_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>

namespace blo::cli {
namespace {

/// A command sends its request in one piece.
constexpr milliseconds kRequestTimeMax{1'000};
constexpr int kBacklog = 16;

Failure not_prepared(const char* what) {
  return {
      ExitCode::kFailed, "key-holder",
      std::string("The key holder does not start: ") + what + " (" + std::strerror(errno) + ").",
      "Go on without it: each command asks for the passphrase."};
}

int new_socket() { return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

/// What a holder that was killed left behind.
bool is_left_over(const HolderAddress& address) {
  const Descriptor asking(new_socket());
  return asking.ok() && !address.connect(asking.get()) && errno == ECONNREFUSED;
}

int listen_at(const HolderAddress& address) {
  Descriptor fd(new_socket());
  if (!fd.ok()) return -1;
  bool bound = address.bind(fd.get());
  if (!bound && errno == EADDRINUSE && is_left_over(address)) {
    ::unlink(address.path());
    bound = address.bind(fd.get());
  }
  return bound && ::listen(fd.get(), kBacklog) == 0 ? fd.release() : -1;
}

/// Counts while the machine sleeps, too: a closed lid does not stretch the time.
int timer_of(seconds time) {
  const int fd = ::timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  itimerspec once{};
  once.it_value.tv_sec = time.count();
  if (fd >= 0 && ::timerfd_settime(fd, 0, &once, nullptr) == 0) return fd;
  if (fd >= 0) ::close(fd);
  return -1;
}

int signals_as_descriptor() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGHUP, SIGINT, SIGTERM, SIGQUIT}) sigaddset(&set, signal);
  if (::sigprocmask(SIG_BLOCK, &set, nullptr) != 0) return -1;
  return ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

std::optional<crypto::Purpose> purpose_of(HolderAsks what) {
  if (what == HolderAsks::kSignEnvelope) return crypto::Purpose::kEnvelope;
  if (what == HolderAsks::kSignControlRequest) return crypto::Purpose::kControlRequest;
  return std::nullopt;
}

void answer(int connection, HolderSays says, ByteView bytes) {
  Bytes response{static_cast<Byte>(says)};
  append(response, bytes);
  // Whoever asked and went away does without.
  (void)send_within(connection, response, kRequestTimeMax);
}

struct HolderRequest {
  HolderAsks what;
  Bytes bytes;
};

std::optional<HolderRequest> receive_request(int connection) {
  std::array<Byte, kHolderHeaderBytes> header{};
  if (!receive_within(connection, header, kRequestTimeMax)) return std::nullopt;
  std::uint32_t size = 0;
  for (std::size_t i = 1; i < header.size(); ++i) size = size << 8U | header[i];
  if (size > kHolderBytesMax) return std::nullopt;
  HolderRequest request{static_cast<HolderAsks>(header[0]), Bytes(size)};
  if (!receive_within(connection, request.bytes, kRequestTimeMax)) return std::nullopt;
  return request;
}

}  // namespace

Outcome<std::unique_ptr<HolderProcess>> HolderProcess::prepare(const TerminalSession& session,
                                                               const std::string& officer,
                                                               seconds time) {
  const auto folder = HolderFolder::make();
  if (!folder) return folder.error();
  const HolderAddress address(*folder, session, officer);
  const int signals = signals_as_descriptor();
  const int leader = open_process(session.leader);
  const int timer = timer_of(time);
  const int listener = listen_at(address);
  const int reason = errno;
  std::unique_ptr<HolderProcess> made(
      new HolderProcess(session, address, listener, leader, timer, signals));
  errno = reason;
  if (listener < 0) return not_prepared("its socket's name cannot be had");
  if (leader < 0) return not_prepared("the session's leader is gone");
  if (timer < 0 || signals < 0) return not_prepared("the system gives no timer");
  return made;
}

HolderProcess::~HolderProcess() {
  if (listener_.ok()) ::unlink(address_.path());
}

/// A group of its own is out of reach of the keys typed there.
void HolderProcess::let_go_of_terminal() {
  // Each of these fails only where there is nothing to let go of.
  [[maybe_unused]] int ignored = ::setpgid(0, 0);
  ignored = ::chdir("/");
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (null < 0 || ::dup2(null, fd) < 0) ::close(fd);
  }
  if (null > STDERR_FILENO) ::close(null);
}

HolderProcess::Next HolderProcess::serve(int connection, const crypto::SigningKey& key) const {
  // Others on this machine may connect; only this user in this session is answered.
  if (connection < 0 || !session_.has_peer(connection)) return Next::kGoOn;
  const auto request = receive_request(connection);
  if (!request) {
    answer(connection, HolderSays::kRefused, {});
    return Next::kGoOn;
  }
  if (const auto purpose = purpose_of(request->what)) {
    answer(connection, HolderSays::kDone, crypto::sign(*purpose, key, {request->bytes}));
  } else if (request->what == HolderAsks::kWhichKey && request->bytes.empty()) {
    answer(connection, HolderSays::kDone, key.verify_key().bytes());
  } else if (request->what == HolderAsks::kEnd && request->bytes.empty()) {
    answer(connection, HolderSays::kDone, {});
    return Next::kEnd;
  } else {
    answer(connection, HolderSays::kRefused, {});
  }
  return Next::kGoOn;
}

void HolderProcess::run(const crypto::SigningKey& key) {
  for (;;) {
    pollfd watched[] = {{timer_.get(), POLLIN, 0},
                        {leader_.get(), POLLIN, 0},
                        {signals_.get(), POLLIN, 0},
                        {listener_.get(), POLLIN, 0}};
    if (::poll(watched, std::size(watched), -1) < 0) {
      if (errno == EINTR) continue;
      return;
    }
    for (const pollfd& ending : {watched[0], watched[1], watched[2]}) {
      if (ending.revents != 0) return;
    }
    const Descriptor connection(
        ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (serve(connection.get(), key) == Next::kEnd) return;
  }
}

}  // namespace blo::cli
