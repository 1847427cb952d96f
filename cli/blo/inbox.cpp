// blo inbox: what was received, newest first; with --follow each further message as it arrives.
#include <set>

#include "blo/v1/control.pb.h"
#include "commands.h"
#include "follower.h"
#include "journal/entry.h"
#include "listing.h"
#include "parsing.h"
#include "report.h"
#include "wire_names.h"

namespace blo::cli {
namespace {

/// Longer than anybody watches a screen; the wait is begun anew when it is over.
constexpr milliseconds kHour{3'600'000};

bool is_from(const v1::MessageSummary& message, const std::string& office) {
  if (office.empty()) return true;
  const auto number = MessageNumber::parse(message.number());
  return number && number->from.text() == office;
}

/// What is said of an event as it happens: a message as in the list, a step as a sentence.
Shown to_event_line(const v1::MessageSummary& message) {
  if (!journal::is_step(static_cast<std::uint32_t>(message.kind()))) return to_line(message);
  const std::string officer =
      message.author().empty() ? "an officer whose name is not known here" : message.author();
  return message.summary() +
         (message.kind() == v1::KIND_OPENED ? " by " + officer : "  (" + officer + ")");
}

/// Ends only with a failure: the daemon hung up, or stdout takes no more.
Failure follow(Follower& follower, const Globals& globals, const std::string& from,
               std::set<std::string> shown) {
  while (all_written()) {
    const auto event = follower.next(kHour);
    if (!event) return event.error();
    if (!*event || !(*event)->has_arrived()) continue;
    const auto& message = (*event)->arrived();
    // A message that arrived between the start of following and the list is in both.
    if (!is_from(message, from) || shown.erase(message.number()) != 0) continue;
    if (globals.json) {
      print(to_json(message));
    } else {
      say(to_event_line(message));
    }
  }
  return {ExitCode::kFailed, "output", "What arrived could not be written to stdout.", ""};
}

Outcome<ExitCode> list_and_follow(const Globals& globals, const Inbox& args, const Officer& officer,
                                  Daemon& daemon) {
  auto follower = Follower::start(globals, officer);
  if (!follower) return follower.error();
  const auto listed =
      list_messages(daemon, v1::DIRECTION_RECEIVED, args.from, args.limit, args.receipts);
  if (!listed) return listed.error();
  std::set<std::string> shown;
  const auto& messages = listed->list().messages();
  for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
    shown.insert(message->number());
    if (globals.json) {
      print(to_json(*message));
    } else {
      say(to_line(*message));
    }
  }
  return follow(*follower, globals, args.from, std::move(shown));
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const Inbox& args) {
  if (!args.from.empty()) {
    if (const auto ok = parse_office(args.from); !ok) return ok.error();
  }
  const auto officer = load_officer(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, &*officer);
  if (!daemon) return daemon.error();
  if (args.follow) return list_and_follow(globals, args, *officer, *daemon);
  const auto listed =
      list_messages(*daemon, v1::DIRECTION_RECEIVED, args.from, args.limit, args.receipts);
  if (!listed) return listed.error();
  show_list(*listed, globals.json, "Nothing has been received.");
  return ExitCode::kOk;
}

}  // namespace blo::cli
