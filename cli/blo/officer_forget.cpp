// blo officer forget: a revoked officer's name is destroyed.
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "report.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const OfficerForget& args) {
  const auto officer = load_officer_if_needed(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  v1::Request request;
  request.mutable_officer_forget()->set_person(args.person);
  const auto response = daemon->call(request, v1::Response::kDone);
  if (!response) return response.error();
  if (globals.json) {
    print(Json::object({{"person", args.person}}));
  } else {
    say(response->done().sentence());
  }
  return ExitCode::kOk;
}

}  // namespace blo::cli
