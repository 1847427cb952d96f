// blo send seizure: a notice from a JSON file.
#include "commands.h"
#include "message/message.h"
#include "sending.h"

namespace blo::cli {

Outcome<ExitCode> run(const Globals& globals, const SendSeizure& args) {
  const auto content = content_of_file(args.file, message::kSeizureNotice);
  if (!content) return content.error();
  return send_content(globals, args.sending, message::kSeizureNotice, *content);
}

}  // namespace blo::cli
