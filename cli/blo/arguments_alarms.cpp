#include "arguments_alarms.h"

#include <CLI/CLI.hpp>

namespace blo::cli {

void alarms_options(CLI::App& command, Alarms& args) {
  command.add_flag("--all", args.all, "acknowledged ones, too");
  auto* evidence =
      command.add_option("--evidence", args.evidence, "write what this alarm rests on");
  auto* out = command.add_option("--out", args.out, "the file to write");
  evidence->needs(out);
  out->needs(evidence);
}

void ack_options(CLI::App& command, Ack& args) {
  command.add_option("ALARM", args.alarm, "its number in blo alarms")->required();
  command.add_option("SENTENCE", args.sentence, "what you found, and what was done about it")
      ->required();
}

void watch_options(CLI::App& command, Watch& args) {
  command.add_option("--state", args.state, "the file that keeps which alarm was told last")
      ->required();
  command.add_option("--every", args.every, "ask blod again after so many seconds")
      ->check(CLI::Range(1U, 3'600U))
      ->capture_default_str();
  command.add_option("--most", args.most, "run it so often an hour; what is more is told together")
      ->check(CLI::Range(1U, 3'600U))
      ->capture_default_str();
  command.add_option("--within", args.within, "kill it after so many seconds")
      ->check(CLI::Range(1U, 3'600U))
      ->capture_default_str();
  command.add_option("COMMAND", args.command, "the command and its words; put -- before it")
      ->required();
}

void status_options(CLI::App& command, Status& args) {
  command.add_flag("--check", args.check,
                   "one line for a monitor; exit code 0 well, 1 warning, 2 critical, 3 unknown");
}

}  // namespace blo::cli
