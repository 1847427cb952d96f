// blo policy set: what needs a second officer, and whether readers state a purpose.
#include "base/wire.h"
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "parsing.h"
#include "policies.h"
#include "report.h"

namespace blo::cli {
namespace {

/// What is not named stays as it is.
Outcome<v1::PolicyRecord> changed(Daemon& daemon, const OfficeId& counterpart,
                                  const PolicySet& args) {
  v1::Request request;
  request.mutable_policy_show()->set_counterpart(counterpart.text());
  const auto response = daemon.call(request, v1::Response::kPolicyShow);
  if (!response) return response.error();
  v1::PolicyRecord policy;
  if (response->policy_show().policies_size() == 1)
    policy = response->policy_show().policies(0).ours();
  if (args.purpose || args.no_purpose) policy.set_purpose(args.purpose);
  if (args.no_release || !args.release.empty()) policy.clear_release();
  for (const std::string& text : args.release) {
    if (const auto ok = parse_rule(text, *policy.add_release()); !ok) return ok.error();
  }
  return policy;
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const PolicySet& args) {
  const auto counterpart = parse_office(args.counterpart);
  if (!counterpart) return counterpart.error();
  if (args.release.empty() && !args.no_release && !args.purpose && !args.no_purpose) {
    return usage("Nothing is to be changed.",
                 "Name --release, --no-release, --purpose or --no-purpose.");
  }
  const auto officer = load_officer_if_needed(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  const auto policy = changed(*daemon, *counterpart, args);
  if (!policy) return policy.error();
  v1::Request request;
  request.mutable_policy_set()->set_counterpart(counterpart->text());
  request.mutable_policy_set()->set_policy(to_string(ByteView(encode_wire(*policy))));
  const auto response = daemon->call(request, v1::Response::kDone);
  if (!response) return response.error();
  if (globals.json) {
    print(Json::object({{"counterpart", counterpart->text()}, {"ours", to_json(*policy)}}));
  } else {
    say(counterpart->text() + ": " + to_sentence(*policy) + ". " + response->done().sentence());
  }
  return ExitCode::kOk;
}

}  // namespace blo::cli
