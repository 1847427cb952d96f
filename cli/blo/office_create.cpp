// blo office create: an office's keys, the request for its certificate, and a configuration.
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

constexpr std::string_view kConfig =
    R"(# What blod needs beside the keys in this folder. Lines that begin with # show the defaults.

# Where the counterpart's daemon can connect: address and port, one or more. An empty list: this
# office only dials out.
# listen = ["0.0.0.0:7117", "[::]:7117"]

# The least that diagnostics show: debug, info, warning or error.
# log_level = "info"

# The agreement that pairing files cite, and the group that may connect to the control socket.
# legal_basis = "Agreement of 2024-01-15, article 7"
# control_group = "blo-operators"

# When a receipt is overdue: a time such as 90s, 15m, 26h or 3d, or "off".
# [receipts]
# stored = { routine = "26h", priority = "26h", immediate = "1h", flash = "15m" }
# opened = { routine = "off", priority = "24h", immediate = "4h", flash = "30m" }
# acted = { routine = "off", priority = "off", immediate = "24h", flash = "12h" }
)";

void report(const Globals& globals, const HomeLayout& home,
            const identity::CertificateRequest& request) {
  if (globals.json) {
    print(Json::object({{"office", request.subject},
                        {"network", to_string(request.network)},
                        {"requestFingerprint", to_hex(request.fingerprint)},
                        {"spoken", identity::spoken(request.fingerprint)},
                        {"key", home.key.string()},
                        {"request", home.request.string()},
                        {"config", home.config.string()}}));
    return;
  }
  say("The keys of " + request.subject + " on the " + std::string(to_string(request.network)) +
      " network are made.");
  say("Fingerprint of the request: " + identity::spoken(request.fingerprint));
  say("Bring " + home.request.string() +
      " to your authority and compare the fingerprint there. Then: blo office install.");
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const OfficeCreate& args) {
  const auto office = parse_office(args.office);
  if (!office) return office.error();
  const auto network = parse_network_option(args.network);
  if (!network) return network.error();
  const HomeLayout home(globals.home);
  if (const auto ok = check_place_for_keys(home.folder); !ok) return ok.error();
  if (const auto made = make_folder(home.folder); !made) return made.error();
  if (std::filesystem::exists(home.key)) {
    return failure_from(Error(FileError::kExists, home.key.string()));
  }
  const auto passphrase = new_passphrase(globals, args.no_passphrase, "office " + office->text());
  if (!passphrase) return passphrase.error();

  const auto keys = identity::make_office_keys(*office, *network);
  const identity::CertificateRequest wanted{
      identity::CertificateKind::kOffice, *network, office->text(), keys.public_keys(), {}, {}, {}};
  if (auto ok = save_keys(home.key, keys, passphrase->view()); !ok) return ok.error();
  const auto saved =
      save_request(home.request, wanted, keys.signing_key(identity::KeyUse::kIdentity));
  if (!saved) return saved.error();
  if (!std::filesystem::exists(home.config)) {
    if (auto ok = save_new(home.config, kConfig, 0644); !ok) return ok.error();
  }
  report(globals, home, saved->request);
  return ExitCode::kOk;
}

}  // namespace blo::cli
