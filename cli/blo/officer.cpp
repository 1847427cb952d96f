#include "officer.h"

#include <unistd.h>

#include "daemon.h"
#include "key_holder.h"
#include "keys.h"
#include "layout.h"

namespace blo::cli {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// Those of `names` who have a certificate, and with an office, one of that office and network.
std::vector<std::string> certified(const std::vector<std::string>& names,
                                   const control::DaemonGreeting* office) {
  std::vector<std::string> found;
  for (const std::string& name : names) {
    const auto files = officer_layout(name);
    if (!files || !std::filesystem::exists(files->certificate)) continue;
    const auto certificate = load_certificate(files->certificate);
    if (!certificate) continue;
    const auto& details = certificate->details();
    const bool fits = office == nullptr || (details.subject == office->office.text() &&
                                            details.network == office->network);
    if (fits) found.push_back(name);
  }
  return found;
}

/// What is known of an officer without the key.
struct Known {
  OfficerLayout files;
  identity::Certificate certificate;
};

Outcome<Known> find_officer(const Globals& globals) {
  const auto name = choose_officer(globals);
  if (!name) return name.error();
  const auto files = officer_layout(*name);
  if (!files) return files.error();
  if (!std::filesystem::exists(files->key)) {
    const auto here = officer_names();
    return Failure{ExitCode::kNotFound, "no-officer",
                   "There is no key of " + *name + " (" + files->key.string() + ").",
                   (here && !here->empty() ? "Here are: " + joined(*here) + ". " : "") +
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
  return Known{*files, std::move(*certificate)};
}

/// The key itself, from its file; asks for the passphrase.
Outcome<crypto::SigningKey> open_key(const Globals& globals, const Known& officer) {
  const std::string& name = officer.files.name;
  const auto keys = load_keys(globals, officer.files.key, "officer " + name);
  if (!keys) return keys.error();
  if (const auto ok = check_officer_key(officer.certificate, keys->public_keys(), name); !ok) {
    return ok.error();
  }
  return keys->signing_key(identity::KeyUse::kOfficer);
}

/// The officer's public key, where the certificate is an officer's.
std::optional<crypto::VerifyKey> officer_key(const identity::Certificate& certificate) {
  for (const auto& key : certificate.details().keys) {
    if (key.use == identity::KeyUse::kOfficer) return crypto::VerifyKey::enrol(key.key);
  }
  return std::nullopt;
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

Outcome<std::string> choose_officer(const Globals& globals) {
  if (!globals.as.empty()) return globals.as;
  const auto names = officer_names();
  if (!names) return names.error();
  if (names->size() == 1) return names->front();
  if (names->empty()) {
    return Failure{ExitCode::kNotFound, "no-officer", "There is no officer's key on this account.",
                   "Make one with blo officer request, have it certified, and install it."};
  }
  auto fit = certified(*names, nullptr);
  if (fit.size() > 1) {
    if (const auto client = connect_client(globals)) fit = certified(*names, &client->greeting());
  }
  if (fit.size() == 1) return fit.front();
  return usage("There are several officers' keys on this account: " + joined(*names) + ".",
               "Say who acts: --as NAME.");
}

Outcome<OpenedOfficer> load_officer_with_passphrase(const Globals& globals) {
  auto known = find_officer(globals);
  if (!known) return known.error();
  auto key = open_key(globals, *known);
  if (!key) return key.error();
  auto signer = sign_with(key->clone());
  return OpenedOfficer{{known->files.name, std::move(known->certificate), std::move(signer)},
                       std::move(*key)};
}

Outcome<Officer> load_officer(const Globals& globals) {
  auto known = find_officer(globals);
  if (!known) return known.error();
  const std::string name = known->files.name;
  // Whoever names a passphrase file means the key file.
  const auto holder = globals.passphrase_file ? std::nullopt : KeyHolder::of(name);
  const auto verify_key = officer_key(known->certificate);
  if (holder && verify_key && holder->holds(*verify_key)) {
    auto signer = sign_with(*holder, *verify_key,
                            [globals, known = *known] { return open_key(globals, known); });
    return Officer{name, std::move(known->certificate), std::move(signer)};
  }
  auto key = open_key(globals, *known);
  if (!key) return key.error();
  return Officer{name, std::move(known->certificate), sign_with(std::move(*key))};
}

Outcome<std::optional<Officer>> load_officer_if_needed(const Globals& globals) {
  if (globals.as.empty()) {
    const auto client = connect_client(globals);
    if (!client) return client.error();
    const auto user = ::geteuid();
    if (user == 0 || user == client->listener()) return std::optional<Officer>();
    const auto names = officer_names();
    if (!names || certified(*names, &client->greeting()).empty()) return std::optional<Officer>();
  }
  auto officer = load_officer(globals);
  if (!officer) return officer.error();
  return std::optional<Officer>(std::move(*officer));
}

}  // namespace blo::cli
