// blo pair list: the pairings and their states.
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "report.h"
#include "wire_names.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const PairList&) {
  const auto officer = load_officer_if_named(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  v1::Request request;
  request.mutable_pair_list();
  const auto response = daemon->call(request, v1::Response::kPairList);
  if (!response) return response.error();
  const auto& pairs = response->pair_list().pairs();
  if (globals.json) {
    Json list = Json::array();
    for (const auto& pair : pairs) list.push(to_json(pair));
    print(Json::object({{"pairs", list}}));
    return ExitCode::kOk;
  }
  if (pairs.empty()) say("No pairings. One begins with: blo pair invite COUNTERPART.");
  for (const auto& pair : pairs) say(to_lines(pair));
  return ExitCode::kOk;
}

}  // namespace blo::cli
