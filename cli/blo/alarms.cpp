// blo alarms: what waits for a person to look at it.
#include "alarm_json.h"
#include "base/file.h"
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "pages.h"
#include "wire_names.h"

namespace blo::cli {
namespace {

Shown to_lines(const v1::Alarm& alarm) {
  Shown text = std::to_string(alarm.id()) + "  " + to_rfc3339(from_unix_ms(alarm.raised_ms())) +
               "  " + alarm.code() + "  " + alarm.subject();
  text += "\n    ";
  text += alarm.sentence();
  if (!alarm.sentence().ends_with('.')) text += ".";
  if (alarm.occurrences() > 1) {
    text += Shown("\n    It happened ") + std::to_string(alarm.occurrences()) +
            " times, the last at " + to_rfc3339(from_unix_ms(alarm.last_ms())) + ".";
  }
  if (!alarm.next_step().empty()) text += Shown("\n    ") + alarm.next_step();
  if (alarm.has_evidence()) {
    text += Shown("\n    What shows it: blo alarms --evidence ") + std::to_string(alarm.id()) +
            " --out FILE";
  }
  if (alarm.acknowledged_ms() == 0) return text;
  text += Shown("\n    acknowledged ") + to_rfc3339(from_unix_ms(alarm.acknowledged_ms())) +
          " by officer " + std::to_string(alarm.acknowledged_person());
  if (!alarm.acknowledged_by().empty()) text += " (" + alarm.acknowledged_by() + ")";
  return text + ": " + alarm.acknowledgement();
}

/// What one alarm rests on, as a file to carry to an auditor.
Outcome<ExitCode> write_evidence(const Globals& globals, const Alarms& args, Daemon& daemon) {
  v1::Request request;
  request.mutable_alarm_list()->set_alarm(args.evidence);
  const auto response = daemon.call(request, v1::Response::kAlarmList);
  if (!response && response.error().code != ExitCode::kNotFound) return response.error();
  if (!response || response->alarm_list().alarms_size() != 1 ||
      response->alarm_list().alarms(0).evidence().empty()) {
    return Failure{ExitCode::kNotFound, "no-evidence",
                   "There is no alarm " + std::to_string(args.evidence) + " with evidence.",
                   "blo alarms --all lists them."};
  }
  const auto& alarm = response->alarm_list().alarms(0);
  const auto written = write_file(args.out, as_bytes(alarm.evidence()), 0600, Overwrite::kNo);
  if (!written) return failure_from(written.error(), args.out.string());
  if (globals.json) {
    print(
        Json::object({{"alarm", alarm.id()}, {"code", alarm.code()}, {"file", args.out.string()}}));
  } else {
    say("What alarm " + std::to_string(alarm.id()) + " rests on is in " + args.out.string() + ".");
  }
  return ExitCode::kOk;
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const Alarms& args) {
  const auto officer = load_officer_if_needed(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  if (args.evidence != 0) return write_evidence(globals, args, *daemon);
  v1::Request request;
  auto& in = *request.mutable_alarm_list();
  in.set_all(args.all);
  ShownList list(globals);
  const auto listed =
      each_page(*daemon, request, *in.mutable_page(), v1::Response::kAlarmList,
                [&](const v1::Response& response) {
                  for (const auto& alarm : response.alarm_list().alarms())
                    list.add([&] { return to_json(alarm); }, [&] { return to_lines(alarm); });
                  return response.alarm_list().next();
                });
  if (!listed) return listed.error();
  list.end("alarms", args.all ? "No alarms." : "No alarm waits.");
  if (!globals.json && !args.all && !list.empty())
    say("When you have looked into one: blo ack NUMBER SENTENCE");
  return ExitCode::kOk;
}

}  // namespace blo::cli
