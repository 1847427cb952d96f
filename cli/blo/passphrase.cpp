#include "passphrase.h"

#include <algorithm>

#include "base/file.h"
#include "base/guarded_file.h"
#include "crypto/secret.h"
#include "identity/passphrase.h"
#include "report.h"
#include "terminal_input.h"

namespace blo::cli {
namespace {

constexpr std::size_t kPassphraseBytesMax = 1'024;
/// Argon2id makes each guess cost about a second; fewer characters than this it cannot save.
constexpr std::size_t kPassphraseBytesMin = 8;

bool is_guard_error(const Error& error) {
  return error.code().category() == make_error_code(GuardError::kLink).category();
}

/// A secret in a file that others can read is none.
Outcome<Passphrase> from_file(const Path& path) {
  auto bytes = read_guarded_file(path, kPassphraseBytesMax, Readers::kOwner);
  if (!bytes && is_guard_error(bytes.error())) {
    return Failure{ExitCode::kNotAuthorised, "passphrase-permissions",
                   bytes.error().message() + ".",
                   "Mend it as it says; a passphrase that others could read needs replacing, too."};
  }
  if (!bytes) return failure_from(bytes.error());
  Bytes passphrase = identity::canonical_passphrase(std::move(*bytes));
  if (passphrase.empty()) {
    return usage(path.string() + " holds no passphrase.", "Put it into the file's first line.");
  }
  return Passphrase(std::move(passphrase));
}

Outcome<Passphrase> ask(const std::string& question) {
  auto typed = read_terminal_line(question, Echo::kOff);
  if (!typed) return typed.error();
  if (typed->empty()) return usage("No passphrase was typed.");
  return Passphrase(identity::canonical_passphrase(std::move(*typed)));
}

Outcome<void> check_new(const Passphrase& passphrase) {
  // Which of them is meant nobody could tell later, and typed it is one.
  if (std::ranges::find(*passphrase.view(), Byte{'\n'}) != passphrase.view()->end())
    return usage("The passphrase has several lines.", "Leave one line in the file.");
  if (passphrase.view()->size() >= kPassphraseBytesMin) return {};
  return usage("The passphrase is too short.", "Take at least " +
                                                   std::to_string(kPassphraseBytesMin) +
                                                   " characters; four random words are better.");
}

}  // namespace

Passphrase::~Passphrase() {
  if (bytes_) crypto::wipe(*bytes_);
}

Outcome<Passphrase> new_passphrase(const Globals& globals, bool no_passphrase,
                                   const std::string& whose) {
  if (no_passphrase) {
    if (globals.passphrase_file) {
      return usage("--no-passphrase and --passphrase-file exclude each other.");
    }
    if (!globals.json) {
      warn("The key file is not sealed: whoever can read it can act as " + whose +
           ". This is for tests and demonstrations.");
    }
    return Passphrase();
  }
  auto first = globals.passphrase_file ? from_file(*globals.passphrase_file)
                                       : ask("New passphrase for " + whose + ": ");
  if (!first) return first.error();
  if (const auto ok = check_new(*first); !ok) return ok.error();
  if (!globals.passphrase_file) {
    const auto second = ask("The same again: ");
    if (!second) return second.error();
    if (!crypto::equal_secret(*first->view(), *second->view())) {
      return usage("The two passphrases differ.", "Run the command again; nothing was made.");
    }
  }
  return std::move(*first);
}

Outcome<Passphrase> known_passphrase(const Globals& globals, const std::string& whose) {
  return globals.passphrase_file ? from_file(*globals.passphrase_file)
                                 : ask("Passphrase for " + whose + ": ");
}

Outcome<std::string> ask_line(const std::string& question) {
  auto typed = read_terminal_line(question, Echo::kOn);
  if (!typed) return typed.error();
  return to_string(ByteView(*typed));
}

}  // namespace blo::cli
