// blo pair confirm: the digits the counterpart read out; from here on messages flow.
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "parsing.h"
#include "passphrase.h"
#include "report.h"

namespace blo::cli {
namespace {

constexpr std::size_t kDigits = 60;
constexpr std::size_t kDigitsInGroup = 5;

/// Twelve groups of five, single spaces between them; however they were typed.
Outcome<std::string> in_groups(std::string_view typed) {
  std::string groups;
  std::size_t count = 0;
  for (const char c : typed) {
    if (c == ' ' || c == '\t' || c == '\n') continue;
    if (c < '0' || c > '9') return usage("The digits contain something that is no digit.");
    if (count > 0 && count % kDigitsInGroup == 0) groups += ' ';
    groups += c;
    ++count;
  }
  if (count != kDigits) {
    return usage("These are " + std::to_string(count) + " digits, not 60.",
                 "Have all twelve groups of five read out again.");
  }
  return groups;
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const PairConfirm& args) {
  const auto counterpart = parse_office(args.counterpart);
  if (!counterpart) return counterpart.error();
  std::string typed = args.digits;
  if (typed.empty()) {
    auto asked = ask_line("Digits that " + counterpart->text() + " read out: ");
    if (!asked) return asked.error();
    typed = std::move(*asked);
  }
  const auto digits = in_groups(typed);
  if (!digits) return digits.error();
  std::string how = args.how;
  if (how.empty()) {
    auto asked = ask_line("How were they compared, and with whom: ");
    if (!asked) return asked.error();
    how = std::move(*asked);
  }
  if (how.empty()) {
    return usage("Confirming needs a word on how the digits were compared.",
                 "Give it with --how 'by telephone with F. Rahimov'.");
  }
  const auto officer = load_officer_if_named(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  v1::Request request;
  request.mutable_pair_confirm()->set_counterpart(counterpart->text());
  request.mutable_pair_confirm()->set_digits(*digits);
  request.mutable_pair_confirm()->set_how(how);
  const auto response = daemon->call(request, v1::Response::kPairConfirm);
  if (!response) return response.error();
  if (globals.json) {
    print(Json::object({{"counterpart", counterpart->text()}, {"confirmed", true}}));
  } else {
    say("The pairing with " + counterpart->text() +
        " is confirmed here. Messages flow once they have confirmed, too.");
  }
  return ExitCode::kOk;
}

}  // namespace blo::cli
