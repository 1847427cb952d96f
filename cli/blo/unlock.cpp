// blo unlock, blo lock: an officer's key usable in one terminal session for a bounded time.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "commands.h"
#include "holder_process.h"
#include "key_holder.h"
#include "officer.h"
#include "report.h"

namespace blo::cli {
namespace {

/// The session this command was typed in, which must outlive it.
Outcome<TerminalSession> lasting_session() {
  const auto session = TerminalSession::current();
  if (session && session->leader != ::getpid()) return *session;
  return Failure{ExitCode::kUsage, "no-session",
                 "This command leads its terminal session: what it unlocked would end with it.",
                 "Run blo unlock in the shell you go on working in."};
}

/// Only what was open before stays: the standard three, and `kept`, which becomes the fourth.
bool close_others(int kept) {
  constexpr int kFirst = STDERR_FILENO + 1;
  if (kept != kFirst && ::dup2(kept, kFirst) < 0) return false;
  return ::close_range(kFirst + 1, ~0U, 0) == 0;
}

/// In the process that stays: opens the key, says so through `ready`, and holds it. The key is
/// opened here and not before the fork, since locked memory does not stay locked across one.
Outcome<void> hold(const Globals& globals, const TerminalSession& session, seconds time,
                   int ready) {
  const auto officer = load_officer_with_passphrase(globals);
  if (!officer) return officer.error();
  if (!close_others(ready)) {
    return Failure{ExitCode::kFailed, "key-holder", "The key holder could not close its files.",
                   "Go on without it: each command asks for the passphrase."};
  }
  if (const auto before = KeyHolder::of(officer->name)) (void)before->end();
  const auto process = HolderProcess::prepare(session, officer->name, time);
  if (!process) return process.error();
  (void)::prctl(PR_SET_NAME, "blo-key-holder");
  HolderProcess::let_go_of_terminal();
  const Byte done = 1;
  const bool told = ::write(STDERR_FILENO + 1, &done, 1) == 1;
  ::close(STDERR_FILENO + 1);
  if (told) (*process)->run(officer->key);
  return {};
}

/// Nothing when the holder is ready, and has let go of this pipe, too; else the exit code of the
/// process that was to become it, which has said why.
std::optional<ExitCode> await_holder(int ready, pid_t process) {
  bool held = false;
  for (;;) {
    Byte done = 0;
    const ssize_t got = ::read(ready, &done, 1);
    if (got == 0 || (got < 0 && errno != EINTR)) break;
    if (got == 1) held = true;
  }
  if (held) return std::nullopt;
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? static_cast<ExitCode>(WEXITSTATUS(status)) : ExitCode::kFailed;
}

void report(const Globals& globals, const std::string& officer, seconds time) {
  const std::string until = to_rfc3339(read_clocks().wall + time);
  if (globals.json) {
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(time);
    print(Json::object({{"officer", officer},
                        {"minutes", static_cast<std::uint64_t>(minutes.count())},
                        {"until", until}}));
    return;
  }
  say(officer + " signs in this terminal session without the passphrase until " + until +
      ". blo lock ends it sooner.");
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const Unlock& args) {
  const auto officer = choose_officer(globals);
  if (!officer) return officer.error();
  const auto session = lasting_session();
  if (!session) return session.error();
  const seconds time = args.seconds ? seconds(*args.seconds) : std::chrono::minutes(args.minutes);
  int ends[2];
  const bool piped = ::pipe2(ends, O_CLOEXEC) == 0;
  const pid_t process = piped ? ::fork() : -1;
  if (process < 0) {
    return Failure{ExitCode::kFailed, "key-holder", "The system starts no further process.",
                   "Close something, and run it again."};
  }
  if (process == 0) {
    ::close(ends[0]);
    int code = 0;
    if (const auto held = hold(globals, *session, time, ends[1]); !held) {
      complain(held.error(), globals.json);
      code = static_cast<int>(held.error().code);
    }
    ::_exit(code);
  }
  const Descriptor ready(ends[0]);
  ::close(ends[1]);
  if (const auto failed = await_holder(ready.get(), process)) return *failed;
  report(globals, *officer, time);
  return ExitCode::kOk;
}

Outcome<ExitCode> run(const Globals& globals, const Lock&) {
  const auto officer = choose_officer(globals);
  if (!officer) return officer.error();
  const auto holder = KeyHolder::of(*officer);
  const bool locked = holder && holder->end();
  if (globals.json) {
    print(Json::object({{"officer", *officer}, {"locked", locked}}));
  } else {
    say(locked ? *officer + " is asked for the passphrase again."
               : *officer + " was not unlocked in this terminal session.");
  }
  return ExitCode::kOk;
}

}  // namespace blo::cli
