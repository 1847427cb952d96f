// blo pair invite: this office's half of a pairing, as a file to be handed over.
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

Outcome<v1::Request> to_wire(const PairInvite& args) {
  const auto counterpart = parse_office(args.counterpart);
  if (!counterpart) return counterpart.error();
  v1::Request request;
  auto& invite = *request.mutable_pair_invite();
  invite.set_counterpart(counterpart->text());
  invite.set_legal_basis(args.legal_basis);
  if (!args.legal_basis.empty() && !identity::is_legal_basis(args.legal_basis)) {
    return usage("The legal basis is longer than 500 bytes, or holds a control character.",
                 "Cite the agreement in one line: --legal-basis 'Agreement of 2024-01-15'.");
  }
  for (const std::string& address : args.addresses) {
    if (!identity::is_address(address)) return not_an_address(address);
    invite.add_addresses(address);
  }
  return request;
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const PairInvite& args) {
  const auto request = to_wire(args);
  if (!request) return request.error();
  if (std::filesystem::exists(args.out)) {
    return failure_from(Error(FileError::kExists, args.out.string()));
  }
  const auto officer = load_officer_if_needed(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  const auto response = daemon->call(*request, v1::Response::kPairInvite);
  if (!response) return response.error();
  const std::string pem =
      identity::to_pem(identity::kPairingLabel, as_bytes(response->pair_invite().file()));
  if (const auto ok = save_new(args.out, pem, 0600); !ok) return ok.error();

  if (globals.json) {
    print(Json::object({{"counterpart", args.counterpart},
                        {"addresses", Json::strings(args.addresses)},
                        {"file", args.out.string()},
                        {"note", kByHand}}));
    return ExitCode::kOk;
  }
  say("The pairing file for " + args.counterpart + " is " + args.out.string() +
      ". Hand it over; they read it with: blo pair accept.");
  say(kByHand);
  return ExitCode::kOk;
}

}  // namespace blo::cli
