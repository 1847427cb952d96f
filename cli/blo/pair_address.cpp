// blo pair address: where the counterpart is dialled from now on.
#include "base/limits.h"
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "identity/pairing.h"
#include "pair_texts.h"
#include "parsing.h"
#include "report.h"

namespace blo::cli {
namespace {

Outcome<v1::Request> to_wire(const PairAddress& args) {
  const auto counterpart = parse_office(args.counterpart);
  if (!counterpart) return counterpart.error();
  if (args.addresses.empty() && !args.none) {
    return usage("No address is given.",
                 "Name where " + counterpart->text() +
                     " is dialled (HOST:PORT), or say --none: it must call us.");
  }
  if (args.addresses.size() > limits::kAddressesMax) {
    return usage(std::to_string(args.addresses.size()) + " addresses are too many.",
                 "Name at most " + std::to_string(limits::kAddressesMax) + ".");
  }
  v1::Request request;
  auto& address = *request.mutable_pair_address();
  address.set_counterpart(counterpart->text());
  for (const std::string& one : args.addresses) {
    if (!identity::is_address(one)) return not_an_address(one);
    address.add_addresses(one);
  }
  return request;
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const PairAddress& args) {
  const auto request = to_wire(args);
  if (!request) return request.error();
  const auto officer = load_officer_if_needed(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  const auto response = daemon->call(*request, v1::Response::kDone);
  if (!response) return response.error();
  if (globals.json) {
    print(Json::object({{"counterpart", request->pair_address().counterpart()},
                        {"addresses", Json::strings(args.addresses)}}));
  } else {
    say(response->done().sentence());
  }
  return ExitCode::kOk;
}

}  // namespace blo::cli
