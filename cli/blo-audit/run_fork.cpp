// blo-audit fork: whether one journal's key signed two histories.
#include "run_fork.h"

#include <iostream>

#include "base/file.h"
#include "base/hex.h"
#include "base/limits.h"
#include "base/terminal.h"
#include "sandbox.h"

namespace blo::audit {
namespace {

std::string checkpoint_line(const char* label, const journal::Checkpoint& checkpoint) {
  return std::string("  ") + label + "size " + std::to_string(checkpoint.size) + ", root " +
         to_hex(checkpoint.root) + "\n";
}

void print_text(const Result<journal::Fork>& fork) {
  if (!fork) {
    std::cout << "NOT PROVEN: " << terminal_safe(fork.error().message())
              << "\n\nWhat this means: the file does not show that anybody signed two histories.\n";
    return;
  }
  const auto& origin = fork->larger.origin;
  std::cout << "FORK PROVEN: the key of " << origin.text() << " signed two histories\n\n"
            << checkpoint_line("one         ", fork->larger)
            << checkpoint_line("the other   ", fork->smaller);
  if (fork->larger.size != fork->smaller.size) {
    std::cout << "  the one     had at size " << fork->smaller.size << " the root "
              << to_hex(fork->root_there) << "\n";
  }
  std::cout
      << "  trusting    authority " << terminal_safe(fork->authority)
      << "\n\nWhat this means: " << origin.from.text()
      << ", or somebody with its journal's key, told two different stories. No honest office\n"
         "does: entries are only added. Which of the two is true the proof does not say.\n";
}

}  // namespace

Result<journal::Outcome> run_fork(const ForkArguments& arguments,
                                  const std::vector<identity::Certificate>& authorities,
                                  Examination examined) {
  const auto text = read_file(arguments.file, limits::kForkProofBytesMax);
  if (!text) return text.error();
  examined.add(arguments.file.string(), *text);
  const Sandbox sandbox = enter_sandbox({});
  if (!arguments.json) warn_of(sandbox);
  const auto proof = journal::ForkProof::parse(as_text(*text));
  const auto fork =
      proof ? journal::verify_fork(*proof, authorities) : Result<journal::Fork>(proof.error());
  if (arguments.json) {
    std::cout << fork_json(arguments.file.string(), fork, examined);
  } else {
    print_text(fork);
    std::cout << examination_text(examined);
  }
  return fork ? journal::Outcome::kVerified : journal::Outcome::kNotVerified;
}

}  // namespace blo::audit
