// blo reject: a draft is not sent; everybody here reads why.
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "drafts.h"
#include "report.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const Reject& args) {
  const auto name = parse_draft(args.draft);
  if (!name) return name.error();
  const auto officer = load_officer(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, &*officer);
  if (!daemon) return daemon.error();
  v1::Request request;
  request.mutable_draft_reject()->set_draft(*name);
  request.mutable_draft_reject()->set_reason(args.reason);
  const auto response = daemon->call(request, v1::Response::kDone);
  if (!response) return response.error();
  if (globals.json) {
    print(Json::object({{"draft", *name}, {"rejected", args.reason}}));
  } else {
    say(response->done().sentence());
  }
  return ExitCode::kOk;
}

}  // namespace blo::cli
