// blo erasure allow: what a counterpart asks to destroy by a date that is to come.
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "numbers.h"
#include "report.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const ErasureAllow& args) {
  std::optional<TypedNumber> typed;
  if (!OfficeId::parse(args.what)) {
    const auto parsed = parse_typed_number(args.what);
    if (!parsed) {
      return usage("'" + args.what + "' is neither a counterpart nor a message's number.",
                   parsed.error().next_step);
    }
    typed = *parsed;
  }
  const auto officer = load_officer(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, &*officer);
  if (!daemon) return daemon.error();
  std::string what = args.what;
  if (typed) {
    const auto number = find_number(*daemon, *typed);
    if (!number) return number.error();
    what = number->text();
  }
  v1::Request request;
  request.mutable_erasure_allow()->set_what(what);
  const auto response = daemon->call(request, v1::Response::kDone);
  if (!response) return response.error();
  if (globals.json) {
    print(Json::object({{"allowed", what}}));
  } else {
    say(response->done().sentence());
  }
  return ExitCode::kOk;
}

}  // namespace blo::cli
