// blo ack: an officer has looked at an alarm, and says so.
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "report.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const Ack& args) {
  if (args.sentence.empty()) {
    return usage("The sentence is empty.", "Say what you found, and what was done about it.");
  }
  const auto officer = load_officer(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, &*officer);
  if (!daemon) return daemon.error();
  v1::Request request;
  request.mutable_alarm_ack()->set_alarm(args.alarm);
  request.mutable_alarm_ack()->set_sentence(args.sentence);
  const auto response = daemon->call(request, v1::Response::kDone);
  if (!response) return response.error();
  if (globals.json) {
    print(Json::object({{"alarm", args.alarm}, {"sentence", args.sentence}}));
  } else {
    say(response->done().sentence());
  }
  return ExitCode::kOk;
}

}  // namespace blo::cli
