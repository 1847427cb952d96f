// blo status: how the office and its pairings are.
#include "base/clock.h"
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "pair_list.h"
#include "status_check.h"
#include "wire_names.h"

namespace blo::cli {
namespace {

Json not_listening(const v1::StatusResponse& status) {
  Json rows = Json::array();
  for (const auto& each : status.not_listening())
    rows.push(Json::object({{"address", each.address()}, {"why", each.why()}}));
  return rows;
}

Json open_alarms(const v1::StatusResponse& status) {
  Json rows = Json::array();
  for (const auto& each : status.open_alarms())
    rows.push(Json::object({{"code", each.code()},
                            {"severity", severity_name(each.severity())},
                            {"count", each.count()}}));
  return rows;
}

Json scrub_json(const v1::Scrub& scrub) {
  return Json::object({{"ended", time_from_ms(scrub.ended_ms())},
                       {"entries", scrub.entries()},
                       {"damaged", scrub.damaged()},
                       {"underWay", scrub.under_way()}});
}

Json clock_json(const v1::StatusResponse& status) {
  const v1::ClockStatus& clock = status.clock();
  return Json::object({{"time", time_from_ms(status.clock_ms())},
                       {"doubt", status.clock_doubt()},
                       {"believed", clock.believed()},
                       {"why", clock.why()},
                       {"nextStep", clock.next_step()},
                       {"newestKnown", time_from_ms(clock.newest_known_ms())},
                       {"mayDestroy", clock.may_destroy()},
                       {"mayNotWhy", clock.may_not_why()},
                       {"waitsSince", time_from_ms(clock.waits_since_ms())}});
}

Json whole_status(const v1::StatusResponse& status, const ShownList& pairs) {
  return Json::object(
      {{"office", status.office()},
       {"network", network_name(status.network())},
       {"version", status.version()},
       {"started", time_from_ms(status.started_ms())},
       {"degraded", status.degraded()},
       {"degradedWhy", status.degraded_why()},
       {"listening", Json::strings({status.listening().begin(), status.listening().end()})},
       {"notListening", not_listening(status)},
       {"officers", status.officers()},
       {"strangers", status.strangers()},
       {"alarms", status.alarms()},
       {"openAlarms", open_alarms(status)},
       {"drafts", status.drafts()},
       {"unopened", to_json(status.unopened())},
       {"memoryUnlockedWhy", status.memory_unlocked_why()},
       {"backup", time_from_ms(status.backup_ms())},
       {"scrub", scrub_json(status.scrub())},
       {"certificateUntil", to_rfc3339(from_unix_s(status.certificate_until_s()))},
       {"certificateOver", status.certificate_over()},
       {"readsUntil", status.reads_until_s() == 0
                          ? Json()
                          : Json(to_rfc3339(from_unix_s(status.reads_until_s())))},
       {"clock", clock_json(status)},
       {"pairs", pairs.rows()}});
}

std::string scrub_sentence(const v1::Scrub& scrub) {
  if (scrub.ended_ms() == 0)
    return scrub.under_way() ? "the store is being scrubbed for the first time"
                             : "the store has not been scrubbed yet";
  std::string sentence =
      "scrubbed until " + to_rfc3339(from_unix_ms(scrub.ended_ms())) + ": " +
      std::to_string(scrub.entries()) + " entries, " +
      (scrub.damaged() == 0 ? "nothing damaged" : std::to_string(scrub.damaged()) + " DAMAGED");
  return sentence + (scrub.under_way() ? "; the next is under way" : "");
}

void tell(const v1::ClockStatus& clock) {
  if (!clock.believed()) {
    say(Shown("CLOCK NOT BELIEVED: ") + clock.why() +
        ".\nMessages are accepted, and marked as dated by a clock that was not sure; what comes is "
        "not stored, and nobody is certified, revoked or paired. " +
        clock.next_step());
  }
  if (clock.waits_since_ms() > 0 && !clock.may_destroy()) {
    say(Shown("NOT DESTROYED: ") + "contents are due since " +
        to_rfc3339(from_unix_ms(clock.waits_since_ms())) + " and are kept, for " +
        clock.may_not_why() + ": blo clock confirm YYYY-MM-DD");
  }
}

void tell(const v1::StatusResponse& status) {
  if (!status.degraded_why().empty()) {
    say(Shown("DEGRADED: ") + status.degraded_why() +
        "\nReading and export still work; nothing new is accepted or receipted.");
  }
  if (!status.clock_doubt().empty()) {
    say(Shown("CLOCK NOT BELIEVED: this machine's clock says ") +
        to_rfc3339(from_unix_ms(status.clock_ms())) + ", and " + status.clock_doubt() +
        ".\nReading and sending still work, and what is entered is marked as dated by a clock that "
        "was not sure. Nothing is received before the clock is right: timedatectl set-time, then "
        "blo clock confirm YYYY-MM-DD.");
  } else {
    tell(status.clock());
  }
  if (status.certificate_over()) {
    say("OVER: the office's certificate ended on " +
        to_rfc3339(from_unix_s(status.certificate_until_s())) +
        "\nReading, export and backup still work; nothing is sent, received or changed any more.");
  }
  if (status.reads_until_s() > 0) {
    say("OVER: your certificate has ended; it still reads until " +
        to_rfc3339(from_unix_s(status.reads_until_s())) + ". Renew it: blo officer request.");
  }
  if (status.alarms() > 0) {
    say("ALARM: " + std::to_string(status.alarms()) +
        (status.alarms() == 1 ? " alarm waits" : " alarms wait") + " for an officer: blo alarms");
  }
  if (const std::string unopened = to_words(status.unopened()); !unopened.empty())
    say("UNOPENED: " + unopened + ": blo inbox");
  if (!status.memory_unlocked_why().empty())
    say(Shown("UNLOCKED MEMORY: ") + status.memory_unlocked_why());
  std::string listening;
  for (const auto& address : status.listening()) listening += " " + address;
  say(status.office() + " on the " + std::string(network_name(status.network())) +
      " network, blod " + status.version() + " since " +
      to_rfc3339(from_unix_ms(status.started_ms())));
  say("listening on" +
      (!listening.empty()               ? listening
       : status.not_listening().empty() ? " nothing; this office only dials out"
                                        : " nothing yet") +
      "; officers: " + std::to_string(status.officers()) +
      "; connections by strangers: " + std::to_string(status.strangers()));
  for (const auto& each : status.not_listening()) {
    say(Shown("NOT LISTENING on ") + each.address() + ": " + each.why() +
        "; it is tried again by itself");
  }
  say(scrub_sentence(status.scrub()));
  if (status.backup_ms() > 0)
    say("the newest backup was made at " + to_rfc3339(from_unix_ms(status.backup_ms())));
  if (status.drafts() > 0) {
    say(std::to_string(status.drafts()) + (status.drafts() == 1 ? " draft waits" : " drafts wait") +
        " for a releaser: blo drafts");
  }
  if (status.pairs().empty()) say("No pairings. One begins with: blo pair invite COUNTERPART.");
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const Status& args) {
  if (args.check) return static_cast<ExitCode>(check_status(globals));
  const auto officer = load_officer_if_needed(globals);
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
