// blo release: the second officer reads the whole message and signs it.
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "drafts.h"
#include "passphrase.h"
#include "report.h"
#include "wire_names.h"

namespace blo::cli {
namespace {

Outcome<void> confirm(const std::string& name) {
  const auto typed = ask_line("Release " + name + "? Type yes: ");
  if (!typed) {
    Failure failure = typed.error();
    failure.next_step = "At a terminal you are asked; a program says --yes.";
    return failure;
  }
  if (*typed == "yes") return {};
  return Failure{ExitCode::kFailed, "not-confirmed", name + " was not released.",
                 "It still waits: blo release, or blo reject with a reason."};
}

void report(const Globals& globals, const std::string& name, const v1::Accepted& accepted) {
  if (globals.json) {
    print(Json::object({{"draft", name},
                        {"number", accepted.number()},
                        {"queued", accepted.queued()},
                        {"sentence", accepted.sentence()}}));
    return;
  }
  say(accepted.number() + ": released and " + accepted.sentence());
}

void report_waiting(const Globals& globals, const v1::Drafted& drafted) {
  if (globals.json) {
    print(Json::object({{"draft", drafted.draft()},
                        {"state", draft_state_name(drafted.state())},
                        {"sentence", drafted.sentence()}}));
    return;
  }
  say(drafted.draft() + ": released and " + drafted.sentence());
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const Release& args) {
  const auto name = parse_draft(args.draft);
  if (!name) return name.error();
  // The key itself is opened: nothing that was unlocked before counts.
  const auto officer = load_officer_with_passphrase(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, &*officer);
  if (!daemon) return daemon.error();
  v1::Request show;
  show.mutable_draft_show()->set_draft(*name);
  const auto shown = daemon->call(show, v1::Response::kDraftShow);
  if (!shown) return shown.error();
  const auto& summary = shown->draft_show().summary();
  if (!summary.rejected().empty()) {
    return Failure{
        ExitCode::kRefused, "rejected-draft",
        *name +
            (summary.state() == v1::DRAFT_STATE_NOT_SENT ? " is not sent: " : " was rejected: ") +
            summary.rejected(),
        "Its author corrects the message and sends it anew."};
  }
  const auto draft = check_draft(shown->draft_show(), *daemon);
  if (!draft) return draft.error();
  const auto text = whole_text(
      *draft, *name, summary.author() + ", person " + std::to_string(summary.author_person()));
  if (!text) return text.error();
  if (!globals.json) say(*text);
  if (!args.yes) {
    if (globals.json) warn(*text);
    if (const auto confirmed = confirm(*name); !confirmed) return confirmed.error();
  }
  const auto signature = crypto::sign(crypto::Purpose::kRelease, officer->key,
                                      {draft->envelope_bytes, draft->signature});
  v1::Request request;
  request.mutable_draft_release()->set_draft(*name);
  request.mutable_draft_release()->set_signature(signature.data(), signature.size());
  const auto response = daemon->call(request, v1::Response::kDraftRelease);
  if (!response) return response.error();
  const auto& released = response->draft_release();
  if (released.has_drafted()) {
    report_waiting(globals, released.drafted());
  } else {
    report(globals, *name, released.accepted());
  }
  return ExitCode::kOk;
}

}  // namespace blo::cli
