// blo outbox: what this office sent, newest first; before it what waits for the next generation.
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "drafts.h"
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
  const auto& waiting = listed->list().waiting();
  if (globals.json) {
    Json drafts = Json::array();
    for (const auto& draft : waiting) drafts.push(to_json(draft));
    print(Json::object({{"waiting", drafts}, {"messages", json_of(*listed)}}));
    return ExitCode::kOk;
  }
  for (const auto& draft : waiting) say(to_lines(draft));
  if (waiting.empty() || !listed->list().messages().empty())
    show_list(*listed, false, "Nothing has been sent.");
  return ExitCode::kOk;
}

}  // namespace blo::cli
