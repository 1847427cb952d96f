// blo: the officer's and the administrator's program.
#include <csignal>
#include <exception>

#include "base/process.h"
#include "commands.h"
#include "crypto/secret.h"
#include "report.h"

namespace blo::cli {
namespace {

ExitCode fail(const Failure& failure, bool json) {
  complain(failure, json);
  return failure.code;
}

ExitCode run_invocation(const Invocation& invocation) {
  const auto outcome = std::visit(
      [&](const auto& command) { return run(invocation.globals, command); }, invocation.command);
  return outcome ? *outcome : fail(outcome.error(), invocation.globals.json);
}

ExitCode run_program(int argc, const char* const* argv) {
  if (!harden_process()) {
    return fail(
        {ExitCode::kFailed, "protection", "The process could not be protected against core dumps.",
         "Find out what on this machine forbids setrlimit or prctl."},
        false);
  }
  if (!crypto::initialise()) {
    return fail({ExitCode::kFailed, "cryptography", "The cryptographic library does not start.",
                 "Check the installation of libsodium."},
                false);
  }
  const auto parsed = parse_arguments(argc, argv);
  if (const auto* help = std::get_if<HelpText>(&parsed)) {
    say(Shown::lines(help->text));
    return help->asked ? ExitCode::kOk : ExitCode::kUsage;
  }
  if (const auto* error = std::get_if<UsageError>(&parsed)) {
    return fail(usage(error->sentence, error->next_step), error->json);
  }
  const ExitCode code = run_invocation(std::get<Invocation>(parsed));
  if (!all_written()) {
    return fail({ExitCode::kFailed, "output", "The result could not be written to stdout.",
                 "What was asked may have been done all the same: look before repeating it."},
                false);
  }
  return code;
}

}  // namespace
}  // namespace blo::cli

int main(int argc, char** argv) {
  // A reader that goes away is noticed by the failing write, not by dying in the middle of a send.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return static_cast<int>(blo::cli::run_program(argc, argv));
  } catch (const std::exception& error) {
    blo::cli::complain(
        {blo::cli::ExitCode::kFailed, "internal",
         std::string("Something that should not fail did: ") + error.what(), "Please report this."},
        false);
    return static_cast<int>(blo::cli::ExitCode::kFailed);
  }
}
