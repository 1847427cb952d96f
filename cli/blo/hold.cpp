// blo hold: contents that an authority or a court needs are kept, whatever rules and counterparts
// say.
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "numbers.h"
#include "pages.h"
#include "wire_names.h"

namespace blo::cli {
namespace {

enum class What { kPlace, kLift };

Outcome<ExitCode> change(const Globals& globals, What what, const std::string& text,
                         const std::string& reason) {
  const auto typed = parse_typed_number(text);
  if (!typed) return typed.error();
  const auto officer = load_officer(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, &*officer);
  if (!daemon) return daemon.error();
  const auto number = find_number(*daemon, *typed);
  if (!number) return number.error();
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

Json numbered_json(const v1::Hold& hold) {
  Json json = to_json(hold);
  json.set("number", hold.number());
  return json;
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
  auto& page = *request.mutable_hold_list()->mutable_page();
  ShownList list(globals);
  const auto listed =
      each_page(*daemon, request, page, v1::Response::kHoldList, [&](const v1::Response& response) {
        for (const auto& hold : response.hold_list().holds())
          list.add([&] { return numbered_json(hold); },
                   [&] { return hold.number() + "  " + to_sentence(hold); });
        return response.hold_list().next();
      });
  if (!listed) return listed.error();
  list.end("holds", "Nothing is held.");
  return ExitCode::kOk;
}

}  // namespace blo::cli
