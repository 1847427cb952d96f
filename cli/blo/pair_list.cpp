// blo pair list: the pairings and their states.
#include "pair_list.h"
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "wire_names.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const PairList&) {
  const auto officer = load_officer_if_needed(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  ShownList list(globals);
  if (const auto listed = list_pairs(*daemon, "", list); !listed) return listed.error();
  list.end("pairs", "No pairings. One begins with: blo pair invite COUNTERPART.");
  return ExitCode::kOk;
}

Outcome<void> list_pairs(Daemon& daemon, const std::string& after, ShownList& list) {
  v1::Request request;
  auto& page = *request.mutable_pair_list()->mutable_page();
  page.set_after(after);
  return each_page(daemon, request, page, v1::Response::kPairList,
                   [&](const v1::Response& response) {
                     for (const auto& pair : response.pair_list().pairs()) add_pair(list, pair);
                     return response.pair_list().next();
                   });
}

void add_pair(ShownList& list, const v1::PairStatus& pair) {
  list.add([&] { return to_json(pair); }, [&] { return to_lines(pair); });
}

}  // namespace blo::cli
