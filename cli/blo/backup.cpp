// blo backup: the office's store in one file that only the offline key opens.
#include "backup/recipient.h"
#include "base/hex.h"
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "keys.h"
#include "new_file.h"
#include "report.h"

namespace blo::cli {
namespace {

/// Copying and checking a large store takes the daemon minutes before it says anything.
constexpr milliseconds kSilenceMax{60 * 60 * 1000};

Outcome<backup::Recipient> load_recipient(const Path& path, const Daemon& daemon) {
  const auto text = load_text(path);
  if (!text) return text.error();
  const auto recipient = backup::Recipient::parse_pem(*text);
  if (!recipient) return failure_from(recipient.error(), path.string());
  if (recipient->office == daemon.office() && recipient->network == daemon.network()) {
    return *recipient;
  }
  return Failure{ExitCode::kRefused, "other-office",
                 path.string() + " is for the backups of " + recipient->office.text() + " (" +
                     std::string(to_string(recipient->network)) + "), and this office is " +
                     daemon.office().text() + " (" + std::string(to_string(daemon.network())) +
                     ").",
                 "Each office has a backup key of its own: blo backup create-key."};
}

/// Writes what comes; gives the daemon's last word once file and word agree.
Outcome<v1::BackupResponse> receive(Daemon& daemon, NewFile& file) {
  for (;;) {
    auto response = daemon.next(kSilenceMax);
    if (!response) return response.error();
    if (!*response) return unexpected_answer();
    if ((*response)->has_export_file() && !(*response)->last()) {
      if (auto ok = file.write(as_bytes((*response)->export_file().contents())); !ok)
        return ok.error();
      continue;
    }
    if (!(*response)->has_backup() || !(*response)->last()) return unexpected_answer();
    const auto hash = file.reread();
    if (!hash) return hash.error();
    if (equal(*hash, as_bytes((*response)->backup().sha256()))) return (*response)->backup();
    return Failure{ExitCode::kVerificationFailed, "backup-differs",
                   "What the disk gives back is not what was written.",
                   "Nothing is left under that name. Take another disk or stick."};
  }
}

void report(const Globals& globals, const Backup& args, const Daemon& daemon,
            const v1::BackupResponse& done) {
  const std::string time = to_rfc3339(from_unix_ms(done.time_ms()));
  if (globals.json) {
    Json journals = Json::array();
    for (const auto& journal : done.journals()) {
      journals.push(Json::object({{"origin", journal.origin()},
                                  {"size", journal.size()},
                                  {"root", to_hex(as_bytes(journal.root()))}}));
    }
    print(Json::object({{"office", daemon.office().text()},
                        {"network", to_string(daemon.network())},
                        {"time", time},
                        {"file", args.out.string()},
                        {"bytes", done.bytes()},
                        {"sha256", to_hex(as_bytes(done.sha256()))},
                        {"parts", Json::strings({done.parts().begin(), done.parts().end()})},
                        {"journals", std::move(journals)}}));
    return;
  }
  say(args.out.string() + ": " + daemon.office().text() + " as of " + time + ", " +
      std::to_string(done.bytes()) + " bytes, read again after writing.");
  say("SHA-256 " + to_hex(as_bytes(done.sha256())));
  for (const auto& journal : done.journals()) {
    say("  " + journal.origin() + ": " + std::to_string(journal.size()) + " entries, root " +
        to_hex(as_bytes(journal.root())));
  }
  const bool with_key = std::ranges::find(done.parts(), "office.key") != done.parts().end();
  say(with_key
          ? "The sealed office.key is in it; its passphrase is not."
          : "office.key is not in it: without a copy of that file, and its passphrase, nothing "
            "of this can be read.");
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const Backup& args) {
  if (args.to.empty() || args.out.empty()) {
    return usage("blo backup needs --to and --out.",
                 "--to names the public half of the backup key (blo backup create-key makes it), "
                 "--out the file to write.");
  }
  const auto officer = load_officer_if_needed(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  const auto recipient = load_recipient(args.to, *daemon);
  if (!recipient) return recipient.error();
  auto file = NewFile::create(args.out);
  if (!file) return file.error();
  v1::Request request;
  request.mutable_backup()->set_recipient(to_string(ByteView(recipient->key)));
  request.mutable_backup()->set_with_office_key(args.with_office_key);
  if (const auto sent = daemon->ask(request); !sent) return sent.error();
  const auto done = receive(*daemon, *file);
  if (!done) return done.error();
  if (const auto placed = file->place(); !placed) return placed.error();
  report(globals, args, *daemon, *done);
  return ExitCode::kOk;
}

}  // namespace blo::cli
