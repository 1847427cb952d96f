// blo authority create: a country's root key and the certificate it signs for itself.
#include "base/file.h"
#include "base/hex.h"
#include "commands.h"
#include "keys.h"
#include "layout.h"
#include "parsing.h"
#include "passphrase.h"
#include "report.h"

namespace blo::cli {
namespace {

identity::Certificate certify_itself(const identity::KeyRing& keys, std::uint32_t valid_days) {
  const WallTime now = read_clocks().wall;
  identity::CertificateDetails details;
  details.kind = identity::CertificateKind::kAuthority;
  details.network = keys.network;
  details.subject = keys.subject;
  details.statement = 1;
  details.keys = keys.public_keys();
  details.not_before = first_day(now);
  details.not_after = last_day(now, valid_days);
  return identity::Certificate::issue(details, keys.signing_key(identity::KeyUse::kAuthority));
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const AuthorityCreate& args) {
  if (!is_country(args.country)) {
    return usage("'" + args.country + "' is not a country.", "Use its two letters: UZ.");
  }
  const auto network = parse_network_option(args.network);
  if (!network) return network.error();
  const AuthorityLayout at(args.out);
  if (const auto ok = check_place_for_keys(at.folder); !ok) return ok.error();
  if (const auto made = make_folder(at.folder); !made) return made.error();
  if (std::filesystem::exists(at.key)) {
    return failure_from(Error(FileError::kExists, at.key.string()));
  }
  const auto passphrase =
      new_passphrase(globals, args.no_passphrase, "the authority of " + args.country);
  if (!passphrase) return passphrase.error();

  const auto keys = identity::make_authority_keys(args.country, *network);
  const auto certificate = certify_itself(keys, args.valid_days);
  if (auto ok = save_keys(at.key, keys, passphrase->view()); !ok) return ok.error();
  if (auto ok = save_new(at.certificate, certificate.pem(), 0644); !ok) return ok.error();
  if (auto ok = save_new(at.statements, "1\n", 0644); !ok) return ok.error();

  const auto& fingerprint = certificate.fingerprint();
  if (globals.json) {
    print(Json::object({{"country", args.country},
                        {"network", args.network},
                        {"fingerprint", to_hex(fingerprint)},
                        {"spoken", identity::spoken(fingerprint)},
                        {"notAfter", to_rfc3339(certificate.details().not_after)},
                        {"key", at.key.string()},
                        {"certificate", at.certificate.string()}}));
    return ExitCode::kOk;
  }
  say("The authority of " + args.country + " on the " + args.network + " network is made.");
  say("Fingerprint: " + identity::spoken(fingerprint));
  say("Keep " + at.key.string() + " offline. Give " + at.certificate.string() +
      " to your offices, and its fingerprint by another way.");
  return ExitCode::kOk;
}

}  // namespace blo::cli
