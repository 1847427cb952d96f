#include "officer.h"

#include "keys.h"
#include "layout.h"

namespace blo::cli {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

Outcome<std::string> choose_name(const Globals& globals) {
  if (!globals.as.empty()) return globals.as;
  const auto names = officer_names();
  if (!names) return names.error();
  if (names->size() == 1) return names->front();
  if (names->empty()) {
    return Failure{ExitCode::kNotFound, "no-officer", "There is no officer's key on this account.",
                   "Make one with blo officer request, have it certified, and install it."};
  }
  return usage("There are several officers' keys on this account: " + joined(*names) + ".",
               "Say who acts: --as NAME.");
}

}  // namespace

Outcome<void> check_officer_key(const identity::Certificate& certificate,
                                const std::vector<identity::PublicKey>& keys,
                                const std::string& name) {
  if (certificate.details().kind == identity::CertificateKind::kOfficer &&
      same_keys(certificate.details().keys, keys)) {
    return {};
  }
  return Failure{ExitCode::kVerificationFailed, "key-mismatch",
                 "The certificate is not for the key of " + name + ".",
                 "Install the certificate that was made from " + name + ".request.pem."};
}

Outcome<Officer> load_officer(const Globals& globals) {
  const auto name = choose_name(globals);
  if (!name) return name.error();
  const auto files = officer_layout(*name);
  if (!files) return files.error();
  if (!std::filesystem::exists(files->key)) {
    return Failure{ExitCode::kNotFound, "no-officer",
                   "There is no key of " + *name + " (" + files->key.string() + ").",
                   "Check --as, or make the key with blo officer request."};
  }
  if (!std::filesystem::exists(files->certificate)) {
    return Failure{ExitCode::kNotFound, "not-certified",
                   "The key of " + *name + " has no certificate yet.",
                   "Have " + files->request.string() +
                       " certified (blo officer add), then blo officer install."};
  }
  auto certificate = load_certificate(files->certificate);
  if (!certificate) return certificate.error();
  const auto keys = load_keys(globals, files->key, "officer " + *name);
  if (!keys) return keys.error();
  if (const auto ok = check_officer_key(*certificate, keys->public_keys(), *name); !ok) {
    return ok.error();
  }
  return Officer{*name, std::move(*certificate), keys->signing_key(identity::KeyUse::kOfficer)};
}

Outcome<std::optional<Officer>> load_officer_if_named(const Globals& globals) {
  if (globals.as.empty()) return std::optional<Officer>();
  auto officer = load_officer(globals);
  if (!officer) return officer.error();
  return std::optional<Officer>(std::move(*officer));
}

}  // namespace blo::cli
