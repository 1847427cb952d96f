// blo hold: contents that an authority or a court needs are kept, whatever rules and counterparts
// say.
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "parsing.h"
#include "report.h"
#include "wire_names.h"

namespace blo::cli {
namespace {

enum class What { kPlace, kLift };

Outcome<ExitCode> change(const Globals& globals, What what, const std::string& text,
                         const std::string& reason) {
  const auto number = parse_number(text);
  if (!number) return number.error();
  const auto officer = load_officer(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, &*officer);
  if (!daemon) return daemon.error();
  v1::Request request;
  auto& hold = *request.mutable_hold();
  hold.set_number(number->text());
  hold.set_reason(reason);
  hold.set_lift(what == What::kLift);
  const auto response = daemon->call(request, v1::Response::kDone);
  if (!response) return response.error();
  if (globals.json) {
    print(Json::object({{"number", number->text()}, {"held", what == What::kPlace}}));
  } else {
    say(response->done().sentence());
  }
  return ExitCode::kOk;
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const HoldPlace& args) {
  return change(globals, What::kPlace, args.number, args.reason);
}

Outcome<ExitCode> run(const Globals& globals, const HoldLift& args) {
  return change(globals, What::kLift, args.number, args.reason);
}

Outcome<ExitCode> run(const Globals& globals, const HoldList&) {
  const auto officer = load_officer(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, &*officer);
  if (!daemon) return daemon.error();
  v1::Request request;
  request.mutable_hold_list();
  const auto response = daemon->call(request, v1::Response::kHoldList);
  if (!response) return response.error();
  const auto& holds = response->hold_list().holds();
  if (globals.json) {
    Json list = Json::array();
    for (const auto& hold : holds) {
      Json json = to_json(hold);
      json.set("number", hold.number());
      list.push(json);
    }
    print(Json::object({{"holds", list}}));
    return ExitCode::kOk;
  }
  if (holds.empty()) say("Nothing is held.");
  for (const auto& hold : holds) say(hold.number() + "  " + to_sentence(hold));
  return ExitCode::kOk;
}

}  // namespace blo::cli
