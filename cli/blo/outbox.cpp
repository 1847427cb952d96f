// blo outbox: what this office sent, newest first.
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "listing.h"
#include "parsing.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const Outbox& args) {
  if (!args.to.empty()) {
    if (const auto ok = parse_office(args.to); !ok) return ok.error();
  }
  const auto officer = load_officer(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, &*officer);
  if (!daemon) return daemon.error();
  const auto listed =
      list_messages(*daemon, v1::DIRECTION_SENT, args.to, args.limit, args.receipts);
  if (!listed) return listed.error();
  show_list(*listed, globals.json, "Nothing has been sent.");
  return ExitCode::kOk;
}

}  // namespace blo::cli
