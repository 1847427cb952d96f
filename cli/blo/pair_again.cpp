// blo pair again: this office's half of a ceremony anew with an office it was paired with before.
#include "base/file.h"
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "identity/pairing.h"
#include "keys.h"
#include "pair_texts.h"
#include "parsing.h"
#include "report.h"

namespace blo::cli {
namespace {

Outcome<v1::Request> to_wire(const PairAgain& args) {
  const auto counterpart = parse_office(args.counterpart);
  if (!counterpart) return counterpart.error();
  v1::Request request;
  auto& again = *request.mutable_pair_again();
  again.set_counterpart(counterpart->text());
  for (const std::string& address : args.addresses) {
    if (!identity::is_address(address)) return not_an_address(address);
    again.add_addresses(address);
  }
  if (args.from.empty()) return request;
  const auto text = load_text(args.from);
  if (!text) return text.error();
  const auto file = identity::from_pem(identity::kPairingLabel, *text);
  if (!file) return failure_from(file.error(), args.from.string());
  again.set_their_file(file->data(), file->size());
  return request;
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const PairAgain& args) {
  const auto request = to_wire(args);
  if (!request) return request.error();
  if (std::filesystem::exists(args.out))
    return failure_from(Error(FileError::kExists, args.out.string()));
  const auto officer = load_officer_if_needed(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  const auto response = daemon->call(*request, v1::Response::kPairAgain);
  if (!response) return response.error();
  const std::string pem =
      identity::to_pem(identity::kPairingLabel, as_bytes(response->pair_again().file()));
  if (const auto ok = save_new(args.out, pem, 0600); !ok) return ok.error();

  if (globals.json) {
    print(Json::object({{"counterpart", args.counterpart},
                        {"lost", !args.from.empty()},
                        {"file", args.out.string()},
                        {"note", kByHand}}));
    return ExitCode::kOk;
  }
  say("The file to pair again with " + args.counterpart + " is " + args.out.string() +
      ". Hand it over; they read it with: blo pair accept.");
  say(args.from.empty()
          ? "What is in force stays until the digits are confirmed. If " + args.counterpart +
                " has lost the pairing, they answer with: blo pair again --from."
          : "Then read theirs: blo pair accept " + args.from.string() +
                ", and compare the digits by telephone.");
  say(kByHand);
  return ExitCode::kOk;
}

}  // namespace blo::cli
