#include "daemon/ntp.h"

#include <sys/timex.h>

#include <csignal>
#include <ctime>

#include "base/file.h"
#include "base/guarded_file.h"
#include "base/ids.h"

namespace blo::daemon {
namespace {

/// Between the reading and the kernel's answer.
constexpr milliseconds kReadWithin{60'000};
constexpr milliseconds kToldWithin{30'000};
constexpr time_t kToldEveryS = 5;
constexpr std::size_t kStateBytesMax = 100;
constexpr std::string_view kInStep = "in-step ";
constexpr std::string_view kNotInStep = "not-in-step ";
constexpr std::string_view kUnanswered = "unanswered ";

struct Answer {
  bool given = false;               // the system lets this process ask
  std::optional<WallTime> in_step;  // the time by the kernel's clock, where NTP keeps it in step
};

Answer ask_kernel() {
  timex answer{};  // modes 0: nothing is set
  if (::adjtimex(&answer) < 0) return {};
  if ((answer.status & STA_UNSYNC) != 0) return {true, std::nullopt};
  return {true, WallTime(seconds(answer.time.tv_sec))};
}

/// Milliseconds since the machine was started, by the clock that nobody sets.
std::uint64_t since_boot_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000 +
         static_cast<std::uint64_t>(now.tv_nsec) / 1'000'000;
}

/// "in-step 1795344000000 86400000\n": the kernel's time and the time since the start, in
/// milliseconds; "not-in-step 0 86400000\n", "unanswered 0 86400000\n".
std::string encode(const Answer& answer) {
  const auto word = answer.in_step ? kInStep : answer.given ? kNotInStep : kUnanswered;
  return std::string(word) + std::to_string(answer.in_step ? to_unix_ms(*answer.in_step) : 0) +
         " " + std::to_string(since_boot_ms()) + "\n";
}

/// The kernel's time now, by what was written then.
std::optional<WallTime> told_in_step(const std::filesystem::path& state) {
  const auto bytes = read_guarded_file(state, kStateBytesMax, Readers::kAnyone);
  if (!bytes) return std::nullopt;
  std::string_view text = as_text(*bytes);
  if (!text.starts_with(kInStep) || !text.ends_with('\n')) return std::nullopt;
  text.remove_prefix(kInStep.size());
  text.remove_suffix(1);
  const auto space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto time = parse_decimal(text.substr(0, space));
  const auto then = parse_decimal(text.substr(space + 1));
  const std::uint64_t now = since_boot_ms();
  constexpr std::uint64_t kLatest = INT64_MAX / 2;
  if (!time || *time > kLatest || !then || *then > now ||
      now - *then > static_cast<std::uint64_t>(kToldWithin.count()))
    return std::nullopt;
  return from_unix_ms(*time + (now - *then));
}

}  // namespace

bool kept_in_step(WallTime wall, const std::filesystem::path& state) {
  const auto kernel = state.empty() ? ask_kernel().in_step : told_in_step(state);
  return kernel && std::chrono::abs(*kernel - wall) <= kReadWithin;
}

Result<void> tell_ntp_state(const std::filesystem::path& state) {
  sigset_t ends;
  ::sigemptyset(&ends);
  ::sigaddset(&ends, SIGTERM);
  ::sigaddset(&ends, SIGINT);
  ::sigprocmask(SIG_BLOCK, &ends, nullptr);
  const timespec every{kToldEveryS, 0};
  do {
    const auto text = encode(ask_kernel());
    if (auto written = write_file(state, as_bytes(text), 0644, Overwrite::kYes); !written)
      return written;
  } while (::sigtimedwait(&ends, nullptr, &every) < 0);
  return {};
}

}  // namespace blo::daemon
