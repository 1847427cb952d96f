// blo policy show: what both offices of a pairing ask for.
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "pages.h"
#include "parsing.h"
#include "policies.h"

namespace blo::cli {
namespace {

Json both_as_json(const v1::PairPolicy& one) {
  return Json::object({{"counterpart", one.counterpart()},
                       {"ours", to_json(one.ours())},
                       {"theirs", to_json(one.theirs())}});
}

Shown both_as_text(const v1::PairPolicy& one) {
  return Shown(one.counterpart()) + "\n    what we send: " + to_sentence(one.ours()) +
         "\n    what they send: " + to_sentence(one.theirs());
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const PolicyShow& args) {
  if (!args.counterpart.empty()) {
    if (const auto ok = parse_office(args.counterpart); !ok) return ok.error();
  }
  const auto officer = load_officer_if_needed(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  v1::Request request;
  auto& in = *request.mutable_policy_show();
  in.set_counterpart(args.counterpart);
  ShownList list(globals);
  const auto listed =
      each_page(*daemon, request, *in.mutable_page(), v1::Response::kPolicyShow,
                [&](const v1::Response& response) {
                  for (const auto& one : response.policy_show().policies())
                    list.add([&] { return both_as_json(one); }, [&] { return both_as_text(one); });
                  return response.policy_show().next();
                });
  if (!listed) return listed.error();
  list.end("policies", "No pairing has a policy yet.");
  return ExitCode::kOk;
}

}  // namespace blo::cli
