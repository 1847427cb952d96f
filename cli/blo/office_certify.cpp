// blo office certify: the authority's side; may run on a machine that never had a network.
#include "authority_folder.h"
#include "base/file.h"
#include "base/hex.h"
#include "commands.h"
#include "identity/chain.h"
#include "keys.h"
#include "layout.h"
#include "report.h"

namespace blo::cli {
namespace {

using identity::Certificate;
using identity::CertificateRequest;

Outcome<void> check_request(const Certificate& authority, const CertificateRequest& request) {
  if (request.kind != identity::CertificateKind::kOffice) {
    return usage("This is not an office's request.",
                 "An officer's request is certified by the office: blo officer add.");
  }
  if (request.network != authority.details().network) {
    return Failure{ExitCode::kRefused, "wrong-network",
                   "The request is for the " + std::string(to_string(request.network)) +
                       " network, this authority is on the " +
                       std::string(to_string(authority.details().network)) + " network.",
                   "Use the authority of the request's network."};
  }
  if (!request.subject.starts_with(authority.details().subject + "-")) {
    return Failure{ExitCode::kRefused, "wrong-country",
                   request.subject + " is not an office of " + authority.details().subject + ".",
                   "An authority certifies its own country's offices alone."};
  }
  return {};
}

Certificate issue(const Certificate& authority, const crypto::SigningKey& key,
                  const CertificateRequest& request, std::uint64_t statement,
                  std::uint32_t valid_days) {
  const WallTime now = read_clocks().wall;
  identity::CertificateDetails details;
  details.kind = identity::CertificateKind::kOffice;
  details.network = request.network;
  details.subject = request.subject;
  details.statement = statement;
  details.keys = request.keys;
  details.not_before = std::max(first_day(now), authority.details().not_before);
  details.not_after = std::min(last_day(now, valid_days), authority.details().not_after);
  details.issuer = authority.fingerprint();
  return Certificate::issue(details, key);
}

void report(const Globals& globals, const OfficeCertify& args, const CertificateRequest& request,
            const Certificate& certificate) {
  if (globals.json) {
    print(Json::object({{"office", request.subject},
                        {"network", to_string(request.network)},
                        {"requestFingerprint", to_hex(request.fingerprint)},
                        {"fingerprint", to_hex(certificate.fingerprint())},
                        {"statement", certificate.details().statement},
                        {"notAfter", to_rfc3339(certificate.details().not_after)},
                        {"certificate", args.out.string()}}));
    return;
  }
  say("Certified " + request.subject + " as statement " +
      std::to_string(certificate.details().statement) + ", valid until " +
      to_rfc3339(certificate.details().not_after) + ".");
  say("Fingerprint of the request:     " + identity::spoken(request.fingerprint));
  say("Fingerprint of the certificate: " + identity::spoken(certificate.fingerprint()));
  say("Compare the request's with what the office reads out before you hand over " +
      args.out.string() + ".");
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const OfficeCertify& args) {
  const AuthorityLayout at(args.authority);
  const auto authority = load_authority(at);
  if (!authority) return authority.error();
  const WallTime now = read_clocks().wall;
  const auto loaded = load_request(args.request);
  if (!loaded) return loaded.error();
  if (const auto ok = check_request(*authority, loaded->request); !ok) return ok.error();
  if (!authority->details().valid_at(now)) {
    return failure_from(identity::IdentityError::kExpired, at.certificate.string());
  }
  if (std::filesystem::exists(args.out)) {
    return failure_from(Error(FileError::kExists, args.out.string()));
  }

  const auto keys = unlock_authority(globals, at, *authority);
  if (!keys) return keys.error();
  const auto statement = take_statement(at);
  if (!statement) return statement.error();
  const auto certificate = issue(*authority, keys->signing_key(identity::KeyUse::kAuthority),
                                 loaded->request, *statement, args.valid_days);
  if (const auto ok = identity::check_office(*authority, certificate, now); !ok) {
    return failure_from(ok.error(), "the new certificate");
  }
  if (const auto ok = save_new(args.out, certificate.pem(), 0644); !ok) return ok.error();
  report(globals, args, loaded->request, certificate);
  return ExitCode::kOk;
}

}  // namespace blo::cli
