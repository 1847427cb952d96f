// blo pair revoke: the counterpart's authority has revoked it.
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "identity/revocation.h"
#include "keys.h"
#include "report.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const PairRevoke& args) {
  const auto text = load_text(args.file);
  if (!text) return text.error();
  const auto revocation = identity::Revocation::parse_pem(*text);
  if (!revocation) return failure_from(revocation.error(), args.file.string());
  const auto officer = load_officer_if_needed(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  v1::Request request;
  request.mutable_pair_revoke()->set_revocation(to_string(ByteView(revocation->bytes())));
  const auto response = daemon->call(request, v1::Response::kDone);
  if (!response) return response.error();
  const auto& details = revocation->details();
  if (globals.json) {
    print(Json::object({{"counterpart", details.subject},
                        {"statement", details.statement},
                        {"reason", identity::to_string(details.reason)}}));
  } else {
    say(response->done().sentence());
  }
  return ExitCode::kOk;
}

}  // namespace blo::cli
