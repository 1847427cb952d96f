#include "sending.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/terminal.h"
#include "blo/v1/control.pb.h"
#include "compose.h"
#include "counterpart.h"
#include "follower.h"
#include "interruption.h"
#include "message/message.h"
#include "numbers.h"
#include "parsing.h"
#include "report.h"
#include "terminal_input.h"
#include "wire_names.h"

namespace blo::cli {
namespace {

/// The message that another one answers.
Outcome<v1::ShowResponse> show_answered(Daemon& daemon, const MessageNumber& number) {
  v1::Request request;
  request.mutable_show()->set_number(number.text());
  const auto response = daemon.call(request, v1::Response::kShow);
  if (!response) return response.error();
  return response->show();
}

/// Whom a message goes to, and which one it answers.
struct Route {
  OfficeId to;
  std::optional<MessageNumber> answers;
};

Outcome<Route> route(Daemon& daemon, const Sending& sending,
                     const std::optional<TypedNumber>& answers) {
  if (answers && sending.to.empty()) {  // to whoever sent that
    const auto number = find_number(daemon, *answers, {.received_alone = true});
    if (!number) return number.error();
    return Route{number->from, *number};
  }
  auto to = sending.to.empty() ? only_counterpart(daemon) : parse_office(sending.to);
  if (!to) return to.error();
  if (!answers) return Route{std::move(*to), {}};
  const auto number = find_number(daemon, *answers, {.counterpart = to->text()});
  if (!number) return number.error();
  return Route{std::move(*to), *number};
}

/// Everything about the message but its content; asks the daemon for what it answers.
Outcome<Addressing> address(Daemon& daemon, const Sending& sending,
                            const std::optional<TypedNumber>& answers, std::uint32_t kind) {
  const auto way = route(daemon, sending, answers);
  if (!way) return way.error();
  Addressing addressing{daemon.network(), daemon.office(), way->to, kind, {}, {}, {}};
  if (addressing.to == addressing.from) {
    return usage(addressing.to.text() + " is this office itself.",
                 "Name the office across the border, or a message that came from it.");
  }
  if (!sending.expires.empty()) {
    const auto expires = parse_time(sending.expires);
    if (!expires) return expires.error();
    if (*expires <= read_clocks().wall) {
      return usage("--expires " + sending.expires + " is past.", "Give a time to come.");
    }
    addressing.expires = *expires;
  }
  std::string precedence;
  if (way->answers) {
    const auto answered = show_answered(daemon, *way->answers);
    if (!answered) return answered.error();
    if (!copy_exact(as_bytes(answered->message_id()), addressing.in_reply_to.emplace()))
      return unexpected_answer();
    precedence = precedence_name(answered->summary().precedence());
  }
  if (!sending.precedence.empty()) precedence = sending.precedence;
  const auto parsed = journal::parse_precedence(precedence);
  if (!parsed) return usage("'" + precedence + "' is not a precedence.");
  addressing.precedence = *parsed;
  return addressing;
}

/// The one line that says what leaves, to whom, and under which codes.
std::string describe(const Addressing& addressing, const HandlingCodes& handling,
                     ByteView content) {
  std::string codes;
  for (const std::string& code : handling.codes) codes += (codes.empty() ? "" : "+") + code;
  if (!handling.text.empty()) codes += " (" + handling.text + ")";
  return "To " + addressing.to.text() + " on the " + std::string(to_string(addressing.network)) +
         " network: " + std::string(kind_name(static_cast<int>(addressing.kind))) + ", " +
         std::string(journal::to_string(addressing.precedence)) + ", handling " + codes + ": " +
         message::summary(addressing.kind, content);
}

/// Asks about what looks like a slip where somebody is there to answer; else it is refused.
Outcome<void> check_slips(const Globals& globals, const Sending& sending, ByteView content) {
  if (sending.as_typed) return {};
  const auto doubts = message::doubts(content);
  if (doubts.empty()) return {};
  std::string told;
  for (const auto& doubt : doubts)
    told += (told.empty() ? "" : "; ") + doubt.path + " '" + doubt.value + "' " + doubt.what;
  if (!globals.json) {
    const auto answer =
        read_terminal_line(terminal_safe(told) + ". Send it as typed? [y/N] ", Echo::kOn);
    const std::string typed = answer ? to_string(ByteView(*answer)) : "";
    if (typed == "y" || typed == "yes") return {};
    if (answer) return usage("It was not sent.", "Correct it, or say yes.");
  }
  return usage(told + ".", "Correct it, or say --as-typed where it is right.");
}

/// The receipt that covers message `number`; nothing when the time is over, or it was interrupted.
Outcome<std::optional<v1::Receipted>> await_receipt(Follower& follower, Network network,
                                                    const std::string& number,
                                                    std::uint32_t wait_seconds) {
  const auto place = MessageNumber::parse(number);
  if (!place) return unexpected_answer();
  const std::string origin = Origin{network, place->from, place->to, place->generation}.text();
  return follower.await_receipt(origin, place->index, wait_seconds);
}

/// What is said of a message whatever became of it.
void add_addressing(Json& json, const Addressing& addressing, const HandlingCodes& handling) {
  json.set("to", addressing.to.text());
  json.set("network", to_string(addressing.network));
  json.set("kind", kind_name(static_cast<int>(addressing.kind)));
  json.set("precedence", journal::to_string(addressing.precedence));
  json.set("handling", Json::strings(handling.codes));
}

void report_draft(const Globals& globals, const Addressing& addressing,
                  const HandlingCodes& handling, const v1::Drafted& drafted) {
  if (!globals.json) return say(drafted.draft() + ": " + drafted.sentence());
  Json json = Json::object({{"draft", drafted.draft()},
                            {"again", drafted.again()},
                            {"state", draft_state_name(drafted.state())},
                            {"sentence", drafted.sentence()}});
  add_addressing(json, addressing, handling);
  print(json);
}

Json accepted_message(const Addressing& addressing, const HandlingCodes& handling,
                      const v1::Accepted& accepted) {
  Json json = Json::object({{"number", accepted.number()},
                            {"queued", accepted.queued()},
                            {"again", accepted.again()},
                            {"sentence", accepted.sentence()}});
  add_addressing(json, addressing, handling);
  json.set("receipt", Json());
  return json;
}

/// Reports an accepted message once the wait, where there is one, is over.
struct Waiting {
  Daemon& daemon;
  const Globals& globals;
  const Sending& sending;
  std::string to;
  std::optional<Follower> follower;
};

/// In sentences: what remains, and that nothing is left to do.
void tell_queued(const Waiting& waiting, const std::string& number) {
  warn(waiting.follower->interrupted()
           ? "blo: Interrupted: there is no receipt for " + number + " yet."
           : "blo: No receipt for " + number + " within " +
                 std::to_string(*waiting.sending.wait_seconds) + " seconds.");
  warn("     The message is accepted, remains queued and goes out by itself when " + waiting.to +
       " can be reached. Do not send it again; see blo outbox.");
}

/// Receipted is stored there; refused is stored there and not accepted. The counterpart's refusal
/// comes before its receipt.
Outcome<std::string> refusal_of(Daemon& daemon, const std::string& number) {
  v1::Request request;
  request.mutable_show()->set_number(number);
  const auto response = daemon.call(request, v1::Response::kShow);
  if (!response) return response.error();
  return response->show().summary().refusal();
}

Outcome<ExitCode> finish(Waiting& waiting, Network network, const v1::Accepted& accepted,
                         Json json) {
  const Globals& globals = waiting.globals;
  if (!waiting.follower) {
    if (globals.json) print(json);
    return ExitCode::kOk;
  }
  const std::uint32_t wait_seconds = *waiting.sending.wait_seconds;
  const auto receipt = await_receipt(*waiting.follower, network, accepted.number(), wait_seconds);
  if (!receipt) {
    Failure failure = receipt.error();
    failure.sentence =
        accepted.number() + " is accepted; waiting for its receipt failed: " + failure.sentence;
    failure.next_step = "Do not send it again. " + failure.next_step;
    return failure;
  }
  std::string refusal;
  if (*receipt) {
    json.set("receipt", to_json(**receipt));
    const auto found = refusal_of(waiting.daemon, accepted.number());
    if (!found) return found.error();
    refusal = *found;
    if (!refusal.empty()) json.set("refusal", refusal);
  }
  if (globals.json) {
    print(json);
  } else if (*receipt) {
    say(to_sentence(**receipt));
    if (!refusal.empty()) {
      warn("blo: " + waiting.to + " has stored " + accepted.number() +
           " and refused it: " + refusal + ".");
      warn("     Call them; a message like this one will be refused again.");
    }
  } else {
    tell_queued(waiting, accepted.number());
  }
  if (!refusal.empty()) return ExitCode::kRefused;
  return *receipt ? ExitCode::kOk : ExitCode::kNoReceipt;
}

}  // namespace

Outcome<Bytes> content_of_file(const Path& path, std::uint32_t kind) {
  // As JSON a content is longer than as protobuf, names of fields and escapes included.
  constexpr std::size_t kJsonBytesMax = 8 * limits::kContentBytesMax;
  const auto text = read_file(path, kJsonBytesMax);
  if (!text) return failure_from(text.error());
  auto content = message::from_json(kind, as_text(*text));
  if (!content) return failure_from(content.error(), path.string());
  return std::move(*content);
}

Outcome<v1::SendOutcome> send_one(Daemon& daemon, const Addressing& addressing, ByteView content,
                                  const Officer& author) {
  v1::Request request;
  auto& message = *request.mutable_send()->add_messages();
  if (auto ok = compose(addressing, content, author, read_clocks().wall, message); !ok) {
    return ok.error();
  }
  auto response = daemon.call(request, v1::Response::kSend);
  if (!response) return response.error();
  if (response->send().outcomes_size() != 1) return unexpected_answer();
  const auto& outcome = response->send().outcomes(0);
  if (outcome.has_failure()) return from_wire(outcome.failure());
  if (!outcome.has_accepted() && !outcome.has_drafted()) return unexpected_answer();
  return outcome;
}

Outcome<ExitCode> send_content(const Globals& globals, const Sending& sending, std::uint32_t kind,
                               ByteView content) {
  std::optional<TypedNumber> answers;
  if (!sending.in_reply_to.empty()) {
    const auto typed = parse_typed_number(sending.in_reply_to);
    if (!typed) return typed.error();
    answers = *typed;
  }
  const auto officer = load_officer(globals);
  if (!officer) return officer.error();
  std::optional<Interruption> interruption;
  auto daemon = Daemon::connect(globals, &*officer);
  if (!daemon) return daemon.error();
  const auto addressing = address(*daemon, sending, answers, kind);
  if (!addressing) return addressing.error();
  if (const auto fine = check_slips(globals, sending, content); !fine) return fine.error();
  const auto content_json = message::to_json(kind, content);
  if (!content_json) return failure_from(content_json.error());
  const HandlingCodes handling = handling_of(*content_json);
  if (!globals.json) say(describe(*addressing, handling, content));

  Waiting waiting{*daemon, globals, sending, addressing->to.text(), {}};
  if (sending.wait_seconds) {
    // Before the message goes, so that neither a receipt nor Ctrl-C can come unseen.
    auto follower = Follower::start(globals, *officer);
    if (!follower) return follower.error();
    waiting.follower = std::move(*follower);
    interruption.emplace();
    daemon->heed(&*interruption);
    waiting.follower->heed(&*interruption);
  }
  const auto outcome = send_one(*daemon, *addressing, content, *officer);
  if (!outcome) return outcome.error();
  if (outcome->has_drafted()) {
    report_draft(globals, *addressing, handling, outcome->drafted());
    return ExitCode::kOk;  // there is no receipt to wait for before people have done their part
  }
  const auto& accepted = outcome->accepted();
  if (!globals.json) say(accepted.number() + ": " + accepted.sentence());
  return finish(waiting, addressing->network, accepted,
                accepted_message(*addressing, handling, accepted));
}

}  // namespace blo::cli
