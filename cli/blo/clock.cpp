// blo clock confirm: a person says what day it is.
#include "base/clock.h"
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "report.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const ClockConfirm& args) {
  if (!parse_date(args.date)) {
    return usage("'" + args.date + "' is no date.", "Write it as 2026-11-30.");
  }
  const auto officer = load_officer_if_needed(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  v1::Request request;
  request.mutable_clock_confirm()->set_date(args.date);
  const auto response = daemon->call(request, v1::Response::kDone);
  if (!response) return response.error();
  if (globals.json) {
    print(Json::object({{"date", args.date}, {"believed", true}}));
  } else {
    say(response->done().sentence());
  }
  return ExitCode::kOk;
}

}  // namespace blo::cli
