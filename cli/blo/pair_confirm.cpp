// blo pair confirm: the digits the counterpart read out; from here on messages flow.
#include <algorithm>

#include "base/utf8.h"
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

/// What stands between groups in a mail or a document: blanks, dashes and points, the no-break
/// ones, too (U+00A0, U+2000 to U+2015, U+202F, U+2060, U+2212, U+FEFF).
bool is_between(char32_t point) {
  constexpr std::u32string_view kBetween = U" \t\r\n-.,;/\u00A0\u202F\u2060\u2212\uFEFF";
  return kBetween.find(point) != kBetween.npos || (point >= 0x2000 && point <= 0x2015);
}

/// Twelve groups of five, single spaces between them; however they were typed or copied.
Outcome<std::string> in_groups(std::string_view typed) {
  std::string groups;
  std::size_t count = 0;
  for (std::size_t at = 0; at < typed.size();) {
    const CodePoint point = code_point_at(typed, at);
    const char c = typed[at];
    at += std::max<std::size_t>(point.bytes, 1);
    if (point.bytes != 0 && is_between(point.value)) continue;
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
  const auto officer = load_officer_if_needed(globals);
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
