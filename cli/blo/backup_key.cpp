// blo backup create-key: the key that opens an office's backups, made away from the office.
#include "backup/recipient.h"
#include "base/file.h"
#include "commands.h"
#include "keys.h"
#include "parsing.h"
#include "passphrase.h"
#include "report.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const BackupCreateKey& args) {
  const auto office = parse_office(args.office);
  if (!office) return office.error();
  const auto network = parse_network_option(args.network);
  if (!network) return network.error();
  Path recipient = args.out;
  recipient.replace_extension(".pub");
  if (recipient == args.out) return usage("--out names the secret key: backup.key.");
  for (const Path& path : {args.out, recipient}) {
    if (std::filesystem::exists(path)) {
      return failure_from(Error(FileError::kExists, path.string()));
    }
  }
  if (const auto ok = check_place_for_keys(args.out.parent_path()); !ok) return ok.error();
  const auto passphrase =
      new_passphrase(globals, args.no_passphrase, "the backups of " + args.office);
  if (!passphrase) return passphrase.error();
  const auto keys = identity::make_backup_key(*office, *network);
  const backup::Recipient to{*network, *office, keys.backup_key()->public_key};
  if (auto ok = save_keys(args.out, keys, passphrase->view()); !ok) return ok.error();
  if (auto ok = save_new(recipient, to.pem(), 0644); !ok) return ok.error();
  if (globals.json) {
    print(Json::object({{"office", args.office},
                        {"network", args.network},
                        {"key", args.out.string()},
                        {"recipient", recipient.string()}}));
    return ExitCode::kOk;
  }
  say("The key to the backups of " + args.office + " is made. Keep " + args.out.string() +
      " off every machine of the office, on a stick (formatted with ext4) in a safe, and a second "
      "copy elsewhere: without it no backup opens.");
  say("Copy " + recipient.string() + " to the office: blo backup --to " + recipient.string() +
      " --out FILE");
  return ExitCode::kOk;
}

}  // namespace blo::cli
