// blo officer add: the office certifies an officer's request.
#include "base/file.h"
#include "base/hex.h"
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "keys.h"
#include "report.h"

namespace blo::cli {
namespace {

Outcome<v1::Request> to_wire(const OfficerAdd& args, const LoadedRequest& loaded) {
  v1::Request request;
  auto& add = *request.mutable_officer_add();
  add.set_request(loaded.bytes.data(), loaded.bytes.size());
  add.set_valid_days(args.valid_days);
  add.set_person(args.person);
  for (const std::string& text : args.roles) {
    const auto role = identity::parse_role(text);
    if (!role) {
      return usage("'" + text + "' is not a role.",
                   "Roles are operator, releaser, auditor, security-officer and administrator.");
    }
    add.add_roles(static_cast<v1::Role>(*role));
  }
  return request;
}

void report(const Globals& globals, const OfficerAdd& args,
            const identity::CertificateRequest& request, const identity::Certificate& certificate) {
  const auto& details = certificate.details();
  if (globals.json) {
    print(Json::object({{"person", details.person},
                        {"name", request.name.name},
                        {"agency", request.name.agency},
                        {"roles", Json::strings(args.roles)},
                        {"requestFingerprint", to_hex(request.fingerprint)},
                        {"fingerprint", to_hex(certificate.fingerprint())},
                        {"notAfter", to_rfc3339(details.not_after)},
                        {"certificate", args.out.string()}}));
    return;
  }
  say("Certified " + request.name.name + " (" + request.name.agency + ") as officer " +
      std::to_string(details.person) + ", valid until " + to_rfc3339(details.not_after) + ".");
  say("Fingerprint of the request: " + identity::spoken(request.fingerprint));
  say("Compare it with what the officer reads out before you hand over " + args.out.string() + ".");
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const OfficerAdd& args) {
  const auto loaded = load_request(args.request);
  if (!loaded) return loaded.error();
  if (loaded->request.kind != identity::CertificateKind::kOfficer) {
    return usage("This is not an officer's request.",
                 "An office's request is certified by its authority: blo office certify.");
  }
  if (std::filesystem::exists(args.out)) {
    return failure_from(Error(FileError::kExists, args.out.string()));
  }
  const auto request = to_wire(args, *loaded);
  if (!request) return request.error();
  const auto officer = load_officer_if_needed(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  const auto response = daemon->call(*request, v1::Response::kOfficerAdd);
  if (!response) return response.error();

  const auto certificate =
      identity::Certificate::parse(as_bytes(response->officer_add().certificate()));
  if (!certificate) return failure_from(certificate.error(), "the daemon's answer");
  if (!same_keys(certificate->details().keys, loaded->request.keys)) return unexpected_answer();
  if (const auto ok = save_new(args.out, certificate->pem(), 0644); !ok) return ok.error();
  report(globals, args, loaded->request, *certificate);
  return ExitCode::kOk;
}

}  // namespace blo::cli
