// blo erasure allow: what a counterpart asks to destroy by a date that is to come.
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "report.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const ErasureAllow& args) {
  const auto officer = load_officer(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, &*officer);
  if (!daemon) return daemon.error();
  v1::Request request;
  request.mutable_erasure_allow()->set_what(args.what);
  const auto response = daemon->call(request, v1::Response::kDone);
  if (!response) return response.error();
  if (globals.json) {
    print(Json::object({{"allowed", args.what}}));
  } else {
    say(response->done().sentence());
  }
  return ExitCode::kOk;
}

}  // namespace blo::cli
