// blo office show: who this office is, from the files alone.
#include "base/hex.h"
#include "commands.h"
#include "keys.h"
#include "layout.h"
#include "report.h"

namespace blo::cli {
namespace {

Json describe(const identity::Certificate& certificate) {
  return Json::object({{"fingerprint", to_hex(certificate.fingerprint())},
                       {"spoken", identity::spoken(certificate.fingerprint())},
                       {"statement", certificate.details().statement},
                       {"notBefore", to_rfc3339(certificate.details().not_before)},
                       {"notAfter", to_rfc3339(certificate.details().not_after)}});
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const OfficeShow&) {
  const HomeLayout home(globals.home);
  const auto loaded = load_request(home.request);
  if (!loaded) return loaded.error();
  const auto& request = loaded->request;
  Json json = Json::object({{"office", request.subject},
                            {"network", to_string(request.network)},
                            {"requestFingerprint", to_hex(request.fingerprint)},
                            {"certificate", Json()},
                            {"authority", Json()}});
  Shown text = request.subject + " on the " + std::string(to_string(request.network)) +
               " network, in " + home.folder.string();
  text += Shown("\nrequest      ") + identity::spoken(request.fingerprint);
  if (!std::filesystem::exists(home.certificate)) {
    text += Shown("\nNot certified yet: bring ") + home.request.string() +
            " to your authority, then blo office install.";
  } else {
    const auto certificate = load_certificate(home.certificate);
    if (!certificate) return certificate.error();
    const auto authority = load_certificate(home.authority);
    if (!authority) return authority.error();
    json.set("certificate", describe(*certificate));
    json.set("authority", describe(*authority));
    text += Shown("\ncertificate  ") + identity::spoken(certificate->fingerprint()) +
            ", valid until " + to_rfc3339(certificate->details().not_after) + "\nauthority    " +
            identity::spoken(authority->fingerprint()) + " (" + authority->details().subject + ")";
  }
  if (globals.json) {
    print(json);
  } else {
    say(text);
  }
  return ExitCode::kOk;
}

}  // namespace blo::cli
