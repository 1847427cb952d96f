// blo watch: a command is run for each alarm. What runs it is no part of blod, which starts no
// program.
#include <thread>

#include "alarm_json.h"
#include "base/token_budget.h"
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "pages.h"
#include "run_command.h"
#include "told_mark.h"
#include "wire_names.h"

namespace blo::cli {
namespace {

constexpr milliseconds kHour{60 * 60'000};
/// A command that fails is tried again after so long, and twice as long each time, up to this.
constexpr milliseconds kFirstRetry{1'000};
constexpr milliseconds kRetryMax{5 * 60'000};

/// What waits to be told, of however many alarms.
struct Waiting {
  std::uint64_t count = 0;
  v1::Alarm first;
  v1::Alarm worst;  // the first of the highest severity
  ToldMark last;

  void add(const v1::Alarm& alarm) {
    if (count == 0) first = alarm;
    if (count == 0 || alarm.severity() > worst.severity()) worst = alarm;
    last = {alarm.id(), alarm.raised_ms()};
    ++count;
  }
};

class Watcher {
 public:
  Watcher(const Globals& globals, const Watch& args, const Officer* officer, ToldMark told)
      : globals_(globals),
        args_(args),
        officer_(officer),
        told_(told),
        budget_(args.most, kHour / args.most) {
    globals_.json = true;  // it says what it says, and nothing before it
  }

  /// True: more waits and may be told now.
  bool look(SteadyTime now) {
    if (now < next_try_) return false;
    const auto waiting = ask();
    if (!waiting) {
      if (!std::exchange(unreachable_, true)) warn(Shown("blo watch: ") + waiting.error().sentence);
      return false;
    }
    if (std::exchange(unreachable_, false)) warn("blo watch: blod answers again.");
    return waiting->count > 0 && tell(*waiting, now);
  }

 private:
  [[nodiscard]] Outcome<Waiting> ask() {
    auto daemon = Daemon::connect(globals_, officer_);
    if (!daemon) return daemon.error();
    office_ = daemon->office().text();
    network_ = std::string(to_string(daemon->network()));
    Waiting waiting;
    const auto listed = list(*daemon, waiting);
    if (!listed) return listed.error();
    if (*listed) return waiting;
    warn("blo watch: the office's alarms are counted anew; what is open is told again.");
    told_ = {};
    waiting = {};
    const auto anew = list(*daemon, waiting);
    if (!anew) return anew.error();
    return waiting;
  }

  /// All behind the alarm that was told last; where none was, those that are open. False: the one
  /// that was told last is another one now, or none.
  [[nodiscard]] Outcome<bool> list(Daemon& daemon, Waiting& waiting) {
    v1::Request request;
    auto& in = *request.mutable_alarm_list();
    const bool any_told = told_.number > 0;
    in.set_all(any_told);
    std::string next = told_.number > 1 ? std::to_string(told_.number - 1) : "";
    bool behind_told = !any_told;
    do {
      in.mutable_page()->set_after(next);
      const auto response = daemon.call(request, v1::Response::kAlarmList);
      if (!response) return response.error();
      for (const auto& alarm : response->alarm_list().alarms()) {
        const bool is_told = ToldMark{alarm.id(), alarm.raised_ms()} == told_;
        if (!behind_told && !is_told) return false;
        if (behind_told) waiting.add(alarm);
        behind_told = true;
      }
      next = response->alarm_list().next();
    } while (!next.empty());
    return behind_told;
  }

  bool tell(const Waiting& waiting, SteadyTime now) {
    if (!budget_.take(now)) {
      if (!std::exchange(held_back_, true))
        warn(Shown("blo watch: more than ") + std::to_string(args_.most) +
             " an hour; further alarms are told together.");
      return false;
    }
    const bool together = held_back_ || failures_ > 0;
    const auto& alarm = together ? waiting.worst : waiting.first;
    Json json = to_json(alarm);
    json.set("office", office_);
    json.set("network", network_);
    json.set("heldBack", together ? waiting.count - 1 : std::uint64_t{0});
    const std::string why = run_command(args_.command, json.text() + "\n", seconds(args_.within));
    const Shown about = Shown("alarm ") + std::to_string(alarm.id()) + " (" + alarm.code() + ")";
    if (!why.empty()) {
      next_try_ = read_clocks().steady + std::min(kRetryMax, kFirstRetry * (1 << failures_));
      failures_ = std::min(failures_ + 1, 10);
      warn(Shown("blo watch: ") + about + " is not told yet, for of the command " +
           args_.command.front() + " " + why + "; it is tried again.");
      return false;
    }
    failures_ = 0;
    held_back_ = false;
    told_ = together ? waiting.last : ToldMark{alarm.id(), alarm.raised_ms()};
    warn(Shown("blo watch: ") + about + " is told" +
         (together && waiting.count > 1
              ? ", and " + std::to_string(waiting.count - 1) + " more with it."
              : "."));
    if (const auto kept = write_told_mark(args_.state, told_); !kept)
      warn(Shown("blo watch: what was told is told again after a restart: ") +
           kept.error().sentence);
    return !together && waiting.count > 1;
  }

  Globals globals_;
  const Watch& args_;
  const Officer* officer_;
  ToldMark told_;
  TokenBudget budget_;
  std::string office_;
  std::string network_;
  bool unreachable_ = false;
  bool held_back_ = false;
  int failures_ = 0;  // in a row
  SteadyTime next_try_ = SteadyTime::min();
};

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const Watch& args) {
  // blod may be away, and nobody is there to type a passphrase.
  std::optional<Officer> officer;
  if (!globals.as.empty()) {
    auto loaded = load_officer(globals);
    if (!loaded) return loaded.error();
    officer.emplace(std::move(*loaded));
  }
  const auto told = read_told_mark(args.state);
  if (!told) return told.error();
  // What cannot be kept is known before anybody is told twice.
  if (const auto kept = write_told_mark(args.state, *told); !kept) return kept.error();
  Watcher watcher(globals, args, officer ? &*officer : nullptr, *told);
  for (;;) {
    if (!watcher.look(read_clocks().steady)) std::this_thread::sleep_for(seconds(args.every));
  }
}

}  // namespace blo::cli
