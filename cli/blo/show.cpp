// blo show: one message whole.
#include "base/clock.h"
#include "base/hex.h"
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "drafts.h"
#include "numbers.h"
#include "opening.h"
#include "report.h"
#include "wire_names.h"

namespace blo::cli {
namespace {

Json step_json(const v1::Step& step) {
  return Json::object({{"number", step.number()},
                       {"kind", kind_name(step.kind())},
                       {"stamped", said_time_from_ms(step.stamped_ms())},
                       {"claim", step.claim()},
                       {"person", step.person()},
                       {"officer", step.officer()},
                       {"agency", step.agency()},
                       {"outcome", step.outcome().empty() ? Json() : Json(step.outcome())},
                       {"text", step.text()}});
}

/// "opened 2024-03-07T05:12:09Z by KARIMOV, Customs, person 3 (TJ-FOTEHOBOD/UZ-OYBEK/5)"
Shown step_line(const v1::Step& step) {
  Shown line = step.kind() == v1::KIND_OPENED ? "opened " : "acted upon ";
  line += (step.claim() ? "(received) " : "") + said_time(step.stamped_ms()) + " by ";
  line += step.officer().empty() ? "an officer whose name is not known here" : step.officer();
  if (!step.agency().empty()) line += ", " + step.agency();
  line += ", person " + std::to_string(step.person()) + " (" + step.number() + ")";
  if (!step.outcome().empty()) line += ": " + step.outcome();
  if (!step.text().empty()) line += ": " + step.text();
  return line;
}

Json whole_message(const v1::ShowResponse& shown) {
  Json json = to_json(shown.summary());
  json.set("messageId", to_hex(as_bytes(shown.message_id())));
  json.set("authorAgency", shown.author_agency());
  json.set("authorPerson", shown.author_unproven() ? Json() : Json(shown.author_person()));
  json.set("authorCertificate",
           shown.author_unproven() ? Json() : Json(to_hex(as_bytes(shown.author_certificate()))));
  json.set("releaserPerson", shown.releaser_person() == 0 ? Json() : Json(shown.releaser_person()));
  json.set("releaser", shown.releaser());
  json.set("leafHash", to_hex(as_bytes(shown.leaf_hash())));
  json.set("receipt", shown.has_receipt() ? to_json(shown.receipt()) : Json());
  Json steps = Json::array();
  for (const auto& step : shown.steps()) steps.push(step_json(step));
  json.set("steps", steps);
  Json erased = Json::array();
  for (const auto& one : shown.erased()) erased.push(to_json(one));
  json.set("erasures", erased);
  json.set("hold", shown.has_hold() ? to_json(shown.hold()) : Json());
  json.set("content", Json::parsed(shown.json()));
  return json;
}

std::string author_of(const v1::ShowResponse& shown) {
  if (shown.author_unproven()) return "by nobody whose signature was found to hold";
  const std::string& name = shown.summary().author();
  std::string author = "by " + (name.empty() ? "an officer whose name is not known here" : name);
  if (!shown.author_agency().empty()) author += ", " + shown.author_agency();
  return author + ", person " + std::to_string(shown.author_person());
}

void tell(const v1::ShowResponse& shown) {
  const auto& summary = shown.summary();
  say(to_line(summary));
  const std::string until = to_rfc3339(from_unix_ms(summary.expires_ms()));
  say(author_of(shown) + "; written " + said_time(summary.created_ms()) +
      (summary.expires_ms() == 0 ? ""
       : summary.expired()       ? "; held until " + until + ", EXPIRED"
                                 : "; holds until " + until));
  if (shown.releaser_person() != 0) {
    say("released by " +
        (shown.releaser().empty() ? "an officer whose name is not known here" : shown.releaser()) +
        ", person " + std::to_string(shown.releaser_person()));
  }
  if (!summary.in_reply_to().empty()) say("answers " + summary.in_reply_to());
  if (!summary.supersedes().empty()) say("takes the place of " + summary.supersedes());
  if (summary.damaged()) {
    say("Its content is not shown: the store holds it no longer as it was accepted. The "
        "administrator finds what to do in the handbook, \"The store is damaged\".");
  }
  std::string_view rendered = shown.rendered();
  while (rendered.ends_with('\n')) rendered.remove_suffix(1);
  if (!rendered.empty()) say("\n" + Shown::lines(rendered) + "\n");
  if (shown.rendered_cut()) {
    say("The content is longer than what is shown of it here. All of it: blo show --json " +
        summary.number() + "\n");
  }
  for (const auto& erased : shown.erased()) say(to_sentence(erased));
  if (shown.has_hold()) say(to_sentence(shown.hold()));
  if (shown.has_receipt()) say(to_sentence(shown.receipt()));
  for (const auto& step : shown.steps()) say(step_line(step));
  say("message " + to_hex(as_bytes(shown.message_id())) + ", leaf " +
      to_hex(as_bytes(shown.leaf_hash())));
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const Show& args) {
  if (is_draft_name(args.number)) return show_draft(globals, args.number);
  const auto typed = parse_typed_number(args.number);
  if (!typed) return typed.error();
  const auto officer = load_officer(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, &*officer);
  if (!daemon) return daemon.error();
  const auto number = find_number(*daemon, *typed);
  if (!number) return number.error();
  v1::Request request;
  request.mutable_show()->set_number(number->text());
  const auto response = daemon->call(request, v1::Response::kShow);
  if (!response) return response.error();
  const auto& shown = response->show();
  if (!globals.json) tell(shown);
  if (!all_written()) return ExitCode::kOk;  // nobody has read it
  const auto told = tell_opened(*daemon, *officer, shown);
  if (globals.json) {
    Json json = whole_message(shown);
    json.set("openedAs", told && !told->empty() ? Json(*told) : Json());
    print(json);
  } else if (told && !told->empty()) {
    say((is_draft_name(*told) ? "The sender is told that you opened it, once this office's pairing "
                                "goes on: "
                              : "The sender is told that you opened it: ") +
        *told + ".");
  }
  if (!told) {
    warn("blo: The sender was not told that you opened it: " + told.error().sentence);
    if (!told.error().next_step.empty()) warn("     " + told.error().next_step);
  }
  return ExitCode::kOk;
}

}  // namespace blo::cli
