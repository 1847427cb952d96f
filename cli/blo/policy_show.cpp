// blo policy show: what both offices of a pairing ask for.
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "parsing.h"
#include "policies.h"
#include "report.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const PolicyShow& args) {
  if (!args.counterpart.empty()) {
    if (const auto ok = parse_office(args.counterpart); !ok) return ok.error();
  }
  const auto officer = load_officer_if_named(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  v1::Request request;
  request.mutable_policy_show()->set_counterpart(args.counterpart);
  const auto response = daemon->call(request, v1::Response::kPolicyShow);
  if (!response) return response.error();
  const auto& policies = response->policy_show().policies();
  if (globals.json) {
    Json list = Json::array();
    for (const auto& one : policies) {
      list.push(Json::object({{"counterpart", one.counterpart()},
                              {"ours", to_json(one.ours())},
                              {"theirs", to_json(one.theirs())}}));
    }
    print(Json::object({{"policies", list}}));
    return ExitCode::kOk;
  }
  if (policies.empty()) say("No pairing has a policy yet.");
  for (const auto& one : policies) {
    say(Shown(one.counterpart()) + "\n    what we send: " + to_sentence(one.ours()) +
        "\n    what they send: " + to_sentence(one.theirs()));
  }
  return ExitCode::kOk;
}

}  // namespace blo::cli
