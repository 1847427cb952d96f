// blo acted: what came of a message that was received.
#include "commands.h"
#include "message/steps.h"
#include "parsing.h"
#include "sending.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const Acted& args) {
  const auto number = parse_number(args.number);
  if (!number) return number.error();
  const auto content = message::acted_content(args.outcome, args.text);
  if (!content) return failure_from(content.error());
  Sending sending;
  sending.to = number->from.text();
  sending.precedence = args.precedence;
  sending.in_reply_to = number->text();
  sending.wait_seconds = args.wait_seconds;
  return send_content(globals, sending, message::kActed, *content);
}

}  // namespace blo::cli
