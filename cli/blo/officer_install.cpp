// blo officer install: the certificate beside the key it was made for.
#include "base/file.h"
#include "base/hex.h"
#include "commands.h"
#include "keys.h"
#include "layout.h"
#include "officer.h"
#include "report.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const OfficerInstall& args) {
  const auto files = officer_layout(args.name);
  if (!files) return files.error();
  const auto own = load_request(files->request);
  if (!own) return own.error();
  const auto certificate = load_certificate(args.certificate);
  if (!certificate) return certificate.error();
  if (const auto ok = check_officer_key(*certificate, own->request.keys, args.name); !ok) {
    return ok.error();
  }
  const auto written =
      write_file(files->certificate, as_bytes(certificate->pem()), 0644, Overwrite::kYes);
  if (!written) return failure_from(written.error());

  const auto& details = certificate->details();
  if (globals.json) {
    Json roles = Json::array();
    for (const identity::Role role : details.roles) roles.push(identity::to_string(role));
    print(Json::object({{"name", args.name},
                        {"office", details.subject},
                        {"network", to_string(details.network)},
                        {"person", details.person},
                        {"roles", roles},
                        {"fingerprint", to_hex(certificate->fingerprint())},
                        {"notAfter", to_rfc3339(details.not_after)}}));
    return ExitCode::kOk;
  }
  say(args.name + " is officer " + std::to_string(details.person) + " of " + details.subject +
      " on the " + std::string(to_string(details.network)) + " network until " +
      to_rfc3339(details.not_after) + ".");
  return ExitCode::kOk;
}

}  // namespace blo::cli
