// blo trail: what the office's officers asked of it.
#include "base/limits.h"
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "numbers.h"
#include "report.h"

namespace blo::cli {
namespace {

std::string time_of(const v1::TrailAct& act) { return to_rfc3339(from_unix_ms(act.time_ms())); }

/// What was not entered one by one stands on nobody's request.
bool has_user(const v1::TrailAct& act) {
  return !act.counterpart() && (act.request() != 0 || act.refused());
}

Json to_json(const v1::TrailAct& act) {
  Json person;
  if (act.person() != 0) person = Json(act.person());
  Json user;
  if (has_user(act)) user = Json(act.user());
  return Json::object({{"index", act.index()},
                       {"time", time_of(act)},
                       {"person", person},
                       {"officer", act.officer()},
                       {"user", user},
                       {"what", act.what()},
                       {"subject", act.subject()},
                       {"refused", act.refused()},
                       {"exitCode", act.exit_code()},
                       {"purpose", act.purpose()}});
}

std::string who(const v1::TrailAct& act) {
  if (act.counterpart()) return "the daemon";
  if (act.person() == 0) return "Unix user " + std::to_string(act.user());
  const std::string number = "officer " + std::to_string(act.person());
  return act.officer().empty() ? number : number + " " + act.officer();
}

std::string outcome(const v1::TrailAct& act) {
  if (act.counterpart()) return "";  // why stands with whom
  if (act.refused()) return "  REFUSED: not authorised";
  return act.exit_code() == 0
             ? ""
             : "  came to nothing (exit code " + std::to_string(act.exit_code()) + ")";
}

std::string to_line(const v1::TrailAct& act) {
  std::string line =
      std::to_string(act.index()) + "  " + time_of(act) + "  " + who(act) + "  " + act.what();
  if (!act.subject().empty()) line += "  " + act.subject();
  line += outcome(act);
  if (!act.purpose().empty()) line += "  purpose: " + act.purpose();
  return line;
}

std::string next_command(const TrailList& args, std::uint64_t next) {
  std::string command = "blo trail --before " + std::to_string(next);
  if (args.person != 0) command += " --officer " + std::to_string(args.person);
  if (!args.message.empty()) command += " --message " + args.message;
  if (args.limit != TrailList{}.limit) command += " --limit " + std::to_string(args.limit);
  return command;
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const TrailList& args) {
  std::optional<TypedNumber> typed;
  if (!args.message.empty()) {
    const auto parsed = parse_typed_number(args.message);
    if (!parsed) return parsed.error();
    typed = *parsed;
  }
  const auto officer = load_officer(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, &*officer);
  if (!daemon) return daemon.error();
  v1::Request request;
  request.mutable_trail()->set_person(args.person);
  if (typed) {
    const auto number = find_number(*daemon, *typed);
    if (!number) return number.error();
    request.mutable_trail()->set_message(number->text());
  }
  request.mutable_trail()->set_limit(args.limit);
  request.mutable_trail()->set_before(args.before);
  const auto response = daemon->call(request, v1::Response::kTrail);
  if (!response) return response.error();
  const auto& acts = response->trail().acts();
  const std::uint64_t next = response->trail().next();
  if (globals.json) {
    Json list = Json::array();
    for (const auto& act : acts) list.push(to_json(act));
    print(Json::object({{"acts", list}, {"next", next == 0 ? Json() : Json(next)}}));
    return ExitCode::kOk;
  }
  if (acts.empty() && next == 0) say("Nothing in the audit trail fits.");
  for (const auto& act : acts) say(to_line(act));
  if (next != 0) say("Older: " + next_command(args, next));
  return ExitCode::kOk;
}

}  // namespace blo::cli
