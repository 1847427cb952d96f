// blo status: how the office and its pairings are.
#include "base/clock.h"
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "pair_list.h"
#include "wire_names.h"

namespace blo::cli {
namespace {

Json whole_status(const v1::StatusResponse& status, const ShownList& pairs) {
  return Json::object(
      {{"office", status.office()},
       {"network", network_name(status.network())},
       {"version", status.version()},
       {"started", time_from_ms(status.started_ms())},
       {"degraded", status.degraded()},
       {"degradedWhy", status.degraded_why()},
       {"listening", Json::strings({status.listening().begin(), status.listening().end()})},
       {"officers", status.officers()},
       {"strangers", status.strangers()},
       {"alarms", status.alarms()},
       {"drafts", status.drafts()},
       {"memoryUnlockedWhy", status.memory_unlocked_why()},
       {"pairs", pairs.rows()}});
}

void tell(const v1::StatusResponse& status) {
  if (status.degraded()) {
    say(Shown("DEGRADED: ") + status.degraded_why() +
        "\nReading and export still work; nothing new is accepted or receipted.");
  }
  if (status.alarms() > 0) {
    say("ALARM: " + std::to_string(status.alarms()) +
        (status.alarms() == 1 ? " alarm waits" : " alarms wait") + " for an officer: blo alarms");
  }
  if (!status.memory_unlocked_why().empty())
    say(Shown("UNLOCKED MEMORY: ") + status.memory_unlocked_why());
  std::string listening;
  for (const auto& address : status.listening()) listening += " " + address;
  say(status.office() + " on the " + std::string(network_name(status.network())) +
      " network, blod " + status.version() + " since " +
      to_rfc3339(from_unix_ms(status.started_ms())));
  say("listening on" + (listening.empty() ? " nothing; this office only dials out" : listening) +
      "; officers: " + std::to_string(status.officers()) +
      "; connections by strangers: " + std::to_string(status.strangers()));
  if (status.drafts() > 0) {
    say(std::to_string(status.drafts()) + (status.drafts() == 1 ? " draft waits" : " drafts wait") +
        " for a releaser: blo drafts");
  }
  if (status.pairs().empty()) say("No pairings. One begins with: blo pair invite COUNTERPART.");
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const Status&) {
  const auto officer = load_officer_if_named(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  v1::Request request;
  request.mutable_status();
  const auto response = daemon->call(request, v1::Response::kStatus);
  if (!response) return response.error();
  const auto& status = response->status();
  if (!globals.json) tell(status);
  ShownList pairs(globals);
  for (const auto& pair : status.pairs()) add_pair(pairs, pair);
  if (!status.pairs_next().empty()) {
    const auto listed = list_pairs(*daemon, status.pairs_next(), pairs);
    if (!listed) return listed.error();
  }
  if (globals.json) print(whole_status(status, pairs));
  return status.degraded() ? ExitCode::kDegraded : ExitCode::kOk;
}

}  // namespace blo::cli
