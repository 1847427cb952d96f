// blo authority revoke: the authority says that an office's certificates are over.
#include "authority_folder.h"
#include "base/file.h"
#include "commands.h"
#include "identity/chain.h"
#include "identity/revocation.h"
#include "keys.h"
#include "layout.h"
#include "parsing.h"
#include "report.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const AuthorityRevoke& args) {
  const auto office = parse_office(args.office);
  if (!office) return office.error();
  const auto reason = identity::parse_revocation_reason(args.reason);
  if (!reason) return usage("'" + args.reason + "' is not a reason.");
  const AuthorityLayout at(args.authority);
  const auto authority = load_authority(at);
  if (!authority) return authority.error();
  if (office->country() != authority->details().subject) {
    return Failure{ExitCode::kRefused, "wrong-country",
                   office->text() + " is not an office of " + authority->details().subject + ".",
                   "An authority revokes its own country's offices alone."};
  }
  if (std::filesystem::exists(args.out)) {
    return failure_from(Error(FileError::kExists, args.out.string()));
  }
  const auto keys = unlock_authority(globals, at, *authority);
  if (!keys) return keys.error();
  const auto statement = take_statement(at);
  if (!statement) return statement.error();
  identity::RevocationDetails details;
  details.kind = identity::CertificateKind::kOffice;
  details.network = authority->details().network;
  details.subject = office->text();
  details.statement = *statement;
  details.reason = *reason;
  details.time = from_unix_s(to_unix_s(read_clocks().wall));
  details.issuer = authority->fingerprint();
  const auto revocation =
      identity::Revocation::issue(details, keys->signing_key(identity::KeyUse::kAuthority));
  if (const auto ok = save_new(args.out, revocation.pem(), 0644); !ok) return ok.error();
  if (globals.json) {
    print(Json::object({{"office", office->text()},
                        {"network", to_string(details.network)},
                        {"statement", *statement},
                        {"reason", args.reason},
                        {"revocation", args.out.string()}}));
    return ExitCode::kOk;
  }
  say("Revoked " + office->text() + " as statement " + std::to_string(*statement) + ".");
  say("Bring " + args.out.string() +
      " to every counterpart of the office; each enters it: blo pair revoke FILE.");
  return ExitCode::kOk;
}

}  // namespace blo::cli
