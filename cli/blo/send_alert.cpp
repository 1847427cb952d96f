// blo send alert: from flags, or from a JSON file.
#include "commands.h"
#include "message/alert.h"
#include "sending.h"

namespace blo::cli {
namespace {

Outcome<Bytes> content_of(const SendAlert& args) {
  if (args.file) return content_of_file(*args.file, message::kAlert);
  auto content = message::alert_from_flags(args.flags);
  if (!content) return failure_from(content.error());
  return std::move(*content);
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const SendAlert& args) {
  const auto content = content_of(args);
  if (!content) return content.error();
  return send_content(globals, args.sending, message::kAlert, *content);
}

}  // namespace blo::cli
