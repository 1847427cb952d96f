// blo office recover: an administrator's word that a pairing goes on after this office's store was
// lost or put back.
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "parsing.h"
#include "report.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const OfficeRecover& args) {
  const auto counterpart = parse_office(args.counterpart);
  if (!counterpart) return counterpart.error();
  const auto officer = load_officer_if_needed(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  v1::Request request;
  request.mutable_office_recover()->set_counterpart(counterpart->text());
  const auto response = daemon->call(request, v1::Response::kOfficeRecover);
  if (!response) return response.error();
  const auto& recovered = response->office_recover();
  if (globals.json) {
    print(Json::object({{"counterpart", counterpart->text()},
                        {"entries", recovered.entries()},
                        {"reentered", recovered.reentered()},
                        {"leftOut", recovered.left_out()},
                        {"awaitingRelease", recovered.awaiting_release()},
                        {"generation", recovered.generation()}}));
    return ExitCode::kOk;
  }
  Shown text = "All " + std::to_string(recovered.entries()) +
               " entries of both journals are here. The journal to " + counterpart->text() +
               " goes on in generation " + std::to_string(recovered.generation()) + ".";
  if (recovered.reentered() > 0) {
    text += Shown("\n") + std::to_string(recovered.reentered()) +
            " messages accepted since the old store, or that waited, had not left; they have new "
            "numbers and are sent now: blo outbox";
  }
  if (recovered.left_out() > 0) {
    text += Shown("\n") + std::to_string(recovered.left_out()) +
            " such messages are not sent; why, and what they say, can be read for 30 days: blo "
            "drafts, blo show. An officer in force writes again what still holds";
  }
  if (recovered.awaiting_release() > 0) {
    text +=
        Shown("\n") + std::to_string(recovered.awaiting_release()) +
        " such messages wait for a second officer, for the policy asks for one: blo drafts, blo "
        "release";
  }
  say(text);
  return ExitCode::kOk;
}

}  // namespace blo::cli
