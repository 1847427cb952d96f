// blo officer revoke: the officer may not speak from here on.
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "identity/revocation.h"
#include "report.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const OfficerRevoke& args) {
  const auto reason = identity::parse_revocation_reason(args.reason);
  if (!reason) return usage("'" + args.reason + "' is not a reason.");
  const auto officer = load_officer_if_needed(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  v1::Request request;
  request.mutable_officer_revoke()->set_person(args.person);
  request.mutable_officer_revoke()->set_reason(static_cast<v1::RevocationReason>(*reason));
  const auto response = daemon->call(request, v1::Response::kDone);
  if (!response) return response.error();
  if (globals.json) {
    print(Json::object({{"person", args.person}, {"reason", args.reason}}));
  } else {
    say(response->done().sentence());
  }
  return ExitCode::kOk;
}

}  // namespace blo::cli
