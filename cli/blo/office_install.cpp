// blo office install: the office's and its authority's certificate, verified and put in place.
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

/// The certificate is for the keys that lie in this home.
Outcome<void> check_own(const HomeLayout& home, const Certificate& office) {
  const auto own = load_request(home.request);
  if (!own) return own.error();
  if (own->request.subject == office.details().subject &&
      own->request.network == office.details().network &&
      same_keys(own->request.keys, office.details().keys)) {
    return {};
  }
  return Failure{ExitCode::kVerificationFailed, "key-mismatch",
                 "The certificate is for other keys than those in " + home.folder.string() + ".",
                 "Have " + home.request.string() + " certified, and install what comes back."};
}

/// An older statement never undoes a newer one.
Outcome<void> check_newer(const HomeLayout& home, const Certificate& office) {
  if (!std::filesystem::exists(home.certificate)) return {};
  const auto present = load_certificate(home.certificate);
  if (!present) return present.error();
  if (present->details().statement < office.details().statement ||
      present->fingerprint() == office.fingerprint()) {
    return {};
  }
  return Failure{ExitCode::kRefused, "older-statement",
                 "Statement " + std::to_string(office.details().statement) +
                     " does not replace statement " + std::to_string(present->details().statement) +
                     ", which is in place.",
                 "Install the newest certificate, or keep what is there."};
}

Outcome<void> put(const Path& path, const Certificate& certificate) {
  const auto written = write_file(path, as_bytes(certificate.pem()), 0644, Overwrite::kYes);
  if (!written) return failure_from(written.error());
  return {};
}

void report(const Globals& globals, const Certificate& office, const Certificate& authority) {
  const auto& details = office.details();
  if (globals.json) {
    print(Json::object({{"office", details.subject},
                        {"network", to_string(details.network)},
                        {"fingerprint", to_hex(office.fingerprint())},
                        {"authorityFingerprint", to_hex(authority.fingerprint())},
                        {"statement", details.statement},
                        {"notAfter", to_rfc3339(details.not_after)}}));
    return;
  }
  say("The certificate of " + details.subject + " is in place, valid until " +
      to_rfc3339(details.not_after) + ".");
  say("Fingerprint of the authority: " + identity::spoken(authority.fingerprint()));
  say("Compare it with what your authority published. Then start blod.");
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const OfficeInstall& args) {
  const HomeLayout home(globals.home);
  const auto office = load_certificate(args.certificate);
  if (!office) return office.error();
  const auto authority = load_certificate(args.authority);
  if (!authority) return authority.error();
  if (const auto ok = identity::check_authority(*authority); !ok) {
    return failure_from(ok.error(), args.authority.string());
  }
  if (const auto ok = identity::check_office(*authority, *office, read_clocks().wall); !ok) {
    return failure_from(ok.error(), args.certificate.string());
  }
  if (const auto ok = check_own(home, *office); !ok) return ok.error();
  if (const auto ok = check_newer(home, *office); !ok) return ok.error();
  if (const auto ok = put(home.authority, *authority); !ok) return ok.error();
  if (const auto ok = put(home.certificate, *office); !ok) return ok.error();
  report(globals, *office, *authority);
  return ExitCode::kOk;
}

}  // namespace blo::cli
