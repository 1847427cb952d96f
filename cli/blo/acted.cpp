// blo acted: what came of a message that was received.
#include "commands.h"
#include "message/steps.h"
#include "sending.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const Acted& args) {
  const auto content = message::acted_content(args.outcome, args.text);
  if (!content) return failure_from(content.error());
  Sending sending;
  sending.precedence = args.precedence;
  sending.in_reply_to = args.number;
  sending.wait_seconds = args.wait_seconds;
  return send_content(globals, sending, message::kActed, *content);
}

}  // namespace blo::cli
