// blo inbox: what was received; with --follow each further message as it arrives.
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "following.h"
#include "listing.h"
#include "parsing.h"
#include "report.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const Inbox& args) {
  if (!args.listing.counterpart.empty()) {
    if (const auto ok = parse_office(args.listing.counterpart); !ok) return ok.error();
  }
  const auto officer = load_officer(globals);
  if (!officer) return officer.error();
  if (args.follow) return Following(globals, *officer, args.listing).run();
  auto daemon = Daemon::connect(globals, &*officer);
  if (!daemon) return daemon.error();
  const auto response = list_messages(*daemon, v1::DIRECTION_RECEIVED, args.listing);
  if (!response) return response.error();
  const auto& list = response->list();
  if (globals.json) {
    print(Json::object({{"messages", messages_of(list)}, {"more", rest_of(list)}}));
    return ExitCode::kOk;
  }
  show_messages(list, "Nothing has been received.");
  show_rest(list, v1::DIRECTION_RECEIVED, args.listing);
  return ExitCode::kOk;
}

}  // namespace blo::cli
