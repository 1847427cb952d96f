// blo journal export: both journals of a pairing as an auditor reads them.
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "export_folder.h"
#include "follower.h"
#include "parsing.h"
#include "report.h"
#include "wire_names.h"

namespace blo::cli {
namespace {

/// The only pairing, where there is one.
Outcome<std::string> only_counterpart(Daemon& daemon) {
  v1::Request request;
  request.mutable_pair_list();
  const auto response = daemon.call(request, v1::Response::kPairList);
  if (!response) return response.error();
  const auto& pairs = response->pair_list().pairs();
  if (pairs.size() == 1) return pairs[0].counterpart();
  if (pairs.empty()) {
    return Failure{ExitCode::kNotFound, "no-pairing", "This office has no pairing.",
                   "There is nothing to export yet."};
  }
  return usage("This office has several pairings.", "Say which: --counterpart OFFICE.");
}

/// A challenge under a receipt.
struct Challenged {
  std::string origin;
  std::uint64_t index = 0;
  v1::Receipted receipt;
};

/// Enters the auditor's text and waits until the counterpart has it.
Outcome<Challenged> challenge(const Globals& globals, const JournalExport& args,
                              const std::string& counterpart, const Officer& officer,
                              Daemon& daemon) {
  // Before the text goes, so that neither a receipt nor Ctrl-C can come unseen.
  auto follower = Follower::start(globals, officer);
  if (!follower) return follower.error();
  const Interruption interruption;
  follower->heed(&interruption);
  v1::Request request;
  request.mutable_challenge()->set_counterpart(counterpart);
  request.mutable_challenge()->set_text(*args.challenge);
  daemon.heed(&interruption);
  const auto response = daemon.call(request, v1::Response::kChallenge);
  daemon.heed(nullptr);
  if (!response) return response.error();
  Challenged entered{response->challenge().origin(), response->challenge().index(), {}};
  const auto receipt = follower->await_receipt(entered.origin, entered.index, args.wait_seconds);
  if (!receipt) return receipt.error();
  if (!*receipt) {
    const std::string until = follower->interrupted()
                                  ? "before it was interrupted"
                                  : "within " + std::to_string(args.wait_seconds) + " seconds";
    return Failure{ExitCode::kNoReceipt, "no-receipt",
                   "The challenge is entry " + std::to_string(entered.index) + " of " +
                       entered.origin + ", and " + counterpart + " gave no receipt for it " +
                       until + ". Nothing was exported.",
                   "Repeat the command when the counterpart can be reached: a challenge that waits "
                   "is not entered twice."};
  }
  entered.receipt = **receipt;
  return entered;
}

struct Exported {
  std::uint64_t files = 0;
  std::vector<std::string> folders;
  std::vector<std::string> notes;
};

Outcome<Exported> receive(Daemon& daemon, ExportFolder& folder) {
  Exported exported;
  for (;;) {
    const auto response = daemon.next();
    if (!response) return response.error();
    if (response->has_export_file() && !response->last()) {
      const auto& file = response->export_file();
      if (auto ok = folder.write(file.path(), as_bytes(file.contents())); !ok) return ok.error();
      ++exported.files;
      continue;
    }
    if (!response->has_export_done() || !response->last()) return unexpected_answer();
    const auto& done = response->export_done();
    exported.folders.assign(done.folders().begin(), done.folders().end());
    exported.notes.assign(done.notes().begin(), done.notes().end());
    return exported;
  }
}

void report(const Globals& globals, const JournalExport& args, const std::string& counterpart,
            const std::optional<Challenged>& challenged, const Exported& exported) {
  if (globals.json) {
    Json entered;
    if (challenged) {
      entered = Json::object({{"text", *args.challenge},
                              {"origin", challenged->origin},
                              {"index", challenged->index},
                              {"receipt", to_json(challenged->receipt)}});
    }
    Json with;
    if (!args.trail) with = Json(counterpart);
    print(Json::object({{"counterpart", with},
                        {"folder", args.folder.string()},
                        {"files", exported.files},
                        {"folders", Json::strings(exported.folders)},
                        {"notes", Json::strings(exported.notes)},
                        {"challenge", entered}}));
    return;
  }
  const std::string what =
      args.trail ? "The audit trail is in " : "The journals with " + counterpart + " are in ";
  say(what + args.folder.string() + " (" + std::to_string(exported.files) + " files).");
  for (const std::string& folder : exported.folders) say("  " + folder);
  for (const std::string& note : exported.notes) say("Note: " + note);
  if (challenged) {
    say("The challenge is entry " + std::to_string(challenged->index) + " of " +
        challenged->origin + ". " + to_sentence(challenged->receipt));
  }
  say("An auditor verifies the folder with blo-audit and the authorities' certificates alone.");
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const JournalExport& args) {
  std::string counterpart = args.counterpart;
  if (!counterpart.empty()) {
    if (const auto ok = parse_office(counterpart); !ok) return ok.error();
  }
  const auto officer = load_officer(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, &*officer);
  if (!daemon) return daemon.error();
  if (counterpart.empty() && !args.trail) {
    auto only = only_counterpart(*daemon);
    if (!only) return only.error();
    counterpart = std::move(*only);
  }
  const bool was_there = std::filesystem::exists(args.folder);
  auto folder = ExportFolder::open(args.folder);
  if (!folder) return folder.error();
  const auto leave_nothing = [&] {
    std::error_code not_empty;  // what came before the failure stays to be looked at
    if (!was_there) std::filesystem::remove(args.folder, not_empty);
  };
  std::optional<Challenged> challenged;
  if (args.challenge) {
    auto entered = challenge(globals, args, counterpart, *officer, *daemon);
    if (!entered) {
      leave_nothing();
      return entered.error();
    }
    challenged = std::move(*entered);
  }
  v1::Request request;
  if (args.trail) {
    request.mutable_trail_export();
  } else {
    request.mutable_export_()->set_counterpart(counterpart);
  }
  if (const auto sent = daemon->ask(request); !sent) return sent.error();
  const auto exported = receive(*daemon, *folder);
  if (!exported) {
    leave_nothing();
    return exported.error();
  }
  if (const auto ok = folder->sync(); !ok) return ok.error();
  report(globals, args, counterpart, challenged, *exported);
  return ExitCode::kOk;
}

}  // namespace blo::cli
