// blo retention: contents whose time is over.
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "report.h"
#include "wire_names.h"

namespace blo::cli {
namespace {

Json to_json(const v1::RetentionItem& item) {
  return Json::object({{"number", item.number()},
                       {"kind", kind_name(item.kind())},
                       {"direction", item.direction() == v1::DIRECTION_SENT ? "sent" : "received"},
                       {"stamped", said_time_from_ms(item.stamped_ms())},
                       {"due", time_from_ms(item.due_ms())},
                       {"held", item.held()}});
}

Json to_json(const v1::RetentionResponse& answer) {
  Json rules = Json::array();
  for (const auto& rule : answer.rules()) {
    rules.push(Json::object({{"kind", kind_name(rule.kind())},
                             {"keptSeconds", rule.kept_s()},
                             {"basis", rule.basis()}}));
  }
  Json items = Json::array();
  for (const auto& item : answer.items()) items.push(to_json(item));
  Json left_out = Json::array();
  for (const auto& counterpart : answer.left_out()) left_out.push(counterpart);
  Json ordered = Json::array();
  for (const auto& order : answer.ordered()) {
    ordered.push(Json::object({{"counterpart", order.counterpart()},
                               {"time", time_from_ms(order.ordered_ms())},
                               {"person", order.person()}}));
  }
  return Json::object({{"rules", rules},
                       {"due", answer.due()},
                       {"held", answer.held()},
                       {"erased", answer.erased()},
                       {"messages", items},
                       {"leftOut", left_out},
                       {"ordered", ordered}});
}

/// In days, where it is whole ones.
std::string duration(std::uint64_t seconds) {
  constexpr std::uint64_t kDay = 86'400;
  const bool days = seconds % kDay == 0;
  const std::uint64_t count = days ? seconds / kDay : seconds;
  return std::to_string(count) + (days ? " day" : " second") + (count == 1 ? "" : "s");
}

std::string counted(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " message" : " messages");
}

void tell(const v1::RetentionResponse& answer, bool applied) {
  for (const auto& rule : answer.rules()) {
    say(std::string(kind_name(rule.kind())) + ": kept for " + duration(rule.kept_s()) + " (" +
        rule.basis() + ")");
  }
  for (const auto& item : answer.items()) {
    say(item.number() + "  " + std::string(kind_name(item.kind())) + "  entered " +
        said_time(item.stamped_ms()) + ", due since " + to_rfc3339(from_unix_ms(item.due_ms())) +
        (item.held() ? "  held: it is kept" : ""));
  }
  const std::uint64_t total = answer.due() + answer.held();
  const auto listed = static_cast<std::uint64_t>(answer.items_size());
  if (listed < total) say("… and " + std::to_string(total - listed) + " more: --limit");
  for (const auto& counterpart : answer.left_out()) {
    say("The pairing with " + counterpart +
        " is frozen: nothing of it is looked at until it is not.");
  }
  for (const auto& order : answer.ordered()) {
    say("Ordered " + to_rfc3339(from_unix_ms(order.ordered_ms())) +
        (order.person() == 0 ? std::string() : " by officer " + std::to_string(order.person())) +
        ", and kept: what was due then is destroyed once the pairing with " + order.counterpart() +
        " goes on.");
  }
  if (applied) {
    say("The content of " + counted(answer.erased()) + " is destroyed here" +
        (answer.erased() == 0 ? "."
                              : ", and each counterpart is told to destroy what it has of "
                                "ours."));
  } else if (answer.due() == 0) {
    say("Nothing would be destroyed.");
  } else {
    say("The content of " + counted(answer.due()) +
        " would be destroyed, here and, of what this office sent, at the counterpart: "
        "blo retention apply");
  }
}

Outcome<ExitCode> ask(const Globals& globals, bool apply, std::uint32_t limit) {
  const auto officer = load_officer_if_needed(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  v1::Request request;
  request.mutable_retention()->set_apply(apply);
  request.mutable_retention()->set_limit(limit);
  const auto response = daemon->call(request, v1::Response::kRetention);
  if (!response) return response.error();
  if (globals.json) {
    print(to_json(response->retention()));
  } else {
    tell(response->retention(), apply);
  }
  return ExitCode::kOk;
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const RetentionPreview& args) {
  return ask(globals, false, args.limit);
}

Outcome<ExitCode> run(const Globals& globals, const RetentionApply& args) {
  return ask(globals, true, args.limit);
}

}  // namespace blo::cli
