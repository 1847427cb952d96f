// blo pair freeze, end, rotate and renew: what a security officer orders about a pairing.
#include "base/limits.h"
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "parsing.h"
#include "report.h"

namespace blo::cli {
namespace {

Outcome<ExitCode> order(const Globals& globals, const OfficeId& counterpart,
                        const v1::Request& request, const char* done) {
  const auto officer = load_officer_if_needed(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  const auto response = daemon->call(request, v1::Response::kDone);
  if (!response) return response.error();
  if (globals.json) {
    print(Json::object({{"counterpart", counterpart.text()}, {done, true}}));
  } else {
    say(response->done().sentence());
  }
  return ExitCode::kOk;
}

Outcome<void> check_reason(const std::string& reason) {
  if (!reason.empty() && reason.size() <= limits::kSentenceBytesMax) return {};
  return usage("The reason is one sentence of at most 500 bytes.");
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const PairFreeze& args) {
  const auto counterpart = parse_office(args.counterpart);
  if (!counterpart) return counterpart.error();
  if (const auto ok = check_reason(args.reason); !ok) return ok.error();
  v1::Request request;
  request.mutable_pair_freeze()->set_counterpart(counterpart->text());
  request.mutable_pair_freeze()->set_reason(args.reason);
  return order(globals, *counterpart, request, "frozen");
}

Outcome<ExitCode> run(const Globals& globals, const PairEnd& args) {
  const auto counterpart = parse_office(args.counterpart);
  if (!counterpart) return counterpart.error();
  if (const auto ok = check_reason(args.reason); !ok) return ok.error();
  v1::Request request;
  request.mutable_pair_end()->set_counterpart(counterpart->text());
  request.mutable_pair_end()->set_reason(args.reason);
  return order(globals, *counterpart, request, "ended");
}

Outcome<ExitCode> run(const Globals& globals, const PairRotate& args) {
  const auto counterpart = parse_office(args.counterpart);
  if (!counterpart) return counterpart.error();
  v1::Request request;
  request.mutable_pair_rotate()->set_counterpart(counterpart->text());
  return order(globals, *counterpart, request, "due");
}

Outcome<ExitCode> run(const Globals& globals, const PairRenew& args) {
  const auto counterpart = parse_office(args.counterpart);
  if (!counterpart) return counterpart.error();
  v1::Request request;
  request.mutable_pair_renew()->set_counterpart(counterpart->text());
  return order(globals, *counterpart, request, "renewed");
}

}  // namespace blo::cli
