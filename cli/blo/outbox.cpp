// blo outbox: what this office sent; before it what waits for the next generation.
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "drafts.h"
#include "listing.h"
#include "parsing.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const Outbox& args) {
  if (!args.listing.counterpart.empty()) {
    if (const auto ok = parse_office(args.listing.counterpart); !ok) return ok.error();
  }
  const auto officer = load_officer(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, &*officer);
  if (!daemon) return daemon.error();
  const auto response = list_messages(*daemon, v1::DIRECTION_SENT, args.listing);
  if (!response) return response.error();
  const auto& list = response->list();
  if (globals.json) {
    Json drafts = Json::array();
    for (const auto& draft : list.waiting()) drafts.push(to_json(draft));
    print(Json::object(
        {{"waiting", drafts}, {"messages", messages_of(list)}, {"more", rest_of(list)}}));
    return ExitCode::kOk;
  }
  for (const auto& draft : list.waiting()) say(to_lines(draft));
  if (list.waiting().empty() || !list.messages().empty())
    show_messages(list, "Nothing has been sent.");
  show_rest(list, v1::DIRECTION_SENT, args.listing);
  return ExitCode::kOk;
}

}  // namespace blo::cli
