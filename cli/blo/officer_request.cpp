// blo officer request: the officer's own key, made where the officer works, and its request.
#include "base/file.h"
#include "base/hex.h"
#include "commands.h"
#include "crypto/random.h"
#include "keys.h"
#include "layout.h"
#include "parsing.h"
#include "passphrase.h"
#include "report.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const OfficerRequest& args) {
  const auto files = officer_layout(args.name);
  if (!files) return files.error();
  const auto office = parse_office(args.office);
  if (!office) return office.error();
  const auto network = parse_network_option(args.network);
  if (!network) return network.error();
  const identity::OfficerName name{args.full_name, args.agency};
  if (!identity::OfficerName::parse(name.encode())) {
    return usage("The name or the agency cannot stand in a certificate.",
                 "Both are needed, as plain text: a name of up to 200 bytes, an agency of up to "
                 "100.");
  }
  const Path folder = files->key.parent_path();
  if (const auto ok = check_place_for_keys(folder); !ok) return ok.error();
  if (const auto made = make_folder(folder); !made) return made.error();
  if (std::filesystem::exists(files->key)) {
    return failure_from(Error(FileError::kExists, files->key.string()));
  }
  const auto passphrase = new_passphrase(globals, args.no_passphrase, "officer " + args.name);
  if (!passphrase) return passphrase.error();

  const auto keys = identity::make_officer_key(*office, *network);
  const identity::CertificateRequest wanted{
      identity::CertificateKind::kOfficer, *network, office->text(), keys.public_keys(), name,
      crypto::random_array<32>(),          {}};
  if (auto ok = save_keys(files->key, keys, passphrase->view()); !ok) return ok.error();
  const auto saved =
      save_request(files->request, wanted, keys.signing_key(identity::KeyUse::kOfficer));
  if (!saved) return saved.error();

  const auto& fingerprint = saved->request.fingerprint;
  if (globals.json) {
    print(Json::object({{"name", args.name},
                        {"office", office->text()},
                        {"network", to_string(*network)},
                        {"requestFingerprint", to_hex(fingerprint)},
                        {"spoken", identity::spoken(fingerprint)},
                        {"key", files->key.string()},
                        {"request", files->request.string()}}));
    return ExitCode::kOk;
  }
  say("The key of " + args.name + ", officer of " + office->text() + " on the " +
      std::string(to_string(*network)) + " network, is made.");
  say("Fingerprint of the request: " + identity::spoken(fingerprint));
  say("Bring " + files->request.string() +
      " to the administrator and compare the fingerprint there. Then: blo officer install.");
  return ExitCode::kOk;
}

}  // namespace blo::cli
