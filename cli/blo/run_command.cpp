#include "run_command.h"

#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

#include "base/descriptor.h"

namespace blo::cli {
namespace {

std::string with_errno(const char* what, int error) {
  return std::string(what) + " (" + std::strerror(error) + ")";
}

/// What the command reads: a file in memory, so that one that reads nothing holds nobody up.
Descriptor input_file(const std::string& input) {
  Descriptor file(::memfd_create("blo-alarm", MFD_CLOEXEC));
  if (file.ok() &&
      (!write_all(file.get(), as_bytes(input)) || ::lseek(file.get(), 0, SEEK_SET) != 0))
    return Descriptor(-1);
  return file;
}

/// What is prepared for a start, and freed.
struct Preparation {
  Preparation() {
    ready = ::posix_spawn_file_actions_init(&actions) == 0 && ::posix_spawnattr_init(&how) == 0;
  }
  Preparation(const Preparation&) = delete;
  Preparation& operator=(const Preparation&) = delete;
  ~Preparation() {
    if (!ready) return;
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&how);
  }
  /// In a group of its own, and with signals as a program expects them.
  [[nodiscard]] bool prepare(int input) {
    sigset_t none;
    sigset_t pipe;
    sigemptyset(&none);
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    return ready && ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) == 0 &&
           ::posix_spawnattr_setpgroup(&how, 0) == 0 &&
           ::posix_spawnattr_setsigmask(&how, &none) == 0 &&
           ::posix_spawnattr_setsigdefault(&how, &pipe) == 0 &&
           ::posix_spawnattr_setflags(
               &how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) == 0;
  }
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t how{};
  bool ready;
};

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

bool ends_within(pid_t child, milliseconds time_max) {
  // The C library's own header cannot be used from C++ in Debian 12.
  const Descriptor end(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  if (!end.ok()) return false;
  const SteadyTime until = read_clocks().steady + time_max;
  for (;;) {
    const auto left = until - read_clocks().steady;
    if (left <= milliseconds(0)) return false;
    pollfd waits{end.get(), POLLIN, 0};
    const int ready = ::poll(&waits, 1, static_cast<int>(left.count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

}  // namespace

std::string run_command(const std::vector<std::string>& command, const std::string& input,
                        milliseconds time_max) {
  const Descriptor file = input_file(input);
  Preparation preparation;
  if (!file.ok() || !preparation.prepare(file.get()))
    return with_errno("its start could not be prepared", errno);
  std::vector<char*> words;
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, words.front(), &preparation.actions, &preparation.how,
                                    words.data(), environ);
  if (failed != 0) return with_errno("it could not be started", failed);
  if (!ends_within(child, time_max)) {
    ::kill(-child, SIGKILL);
    wait_for(child);
    return "it was killed after " + std::to_string(time_max.count() / 1000) + " s";
  }
  const int status = wait_for(child);
  if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status)) + " ended it";
  return WEXITSTATUS(status) == 0 ? "" : "it ended with " + std::to_string(WEXITSTATUS(status));
}

}  // namespace blo::cli
