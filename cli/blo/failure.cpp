#include "failure.h"

#include "base/file.h"
#include "base/guarded_file.h"
#include "control/error.h"
#include "identity/error.h"
#include "message/error.h"

namespace blo::cli {
namespace {

/// What an error of one kind means to whoever typed the command.
struct Meaning {
  ExitCode code;
  const char* reason;
  const char* next_step;
};

constexpr Meaning kUnknown{ExitCode::kFailed, "failed", ""};

Meaning meaning_of(FileError error) {
  switch (error) {
    case FileError::kNotFound: return {ExitCode::kNotFound, "no-such-file", "Check the path."};
    case FileError::kTooLarge:
      return {ExitCode::kUsage, "file-too-large", "Check that this is the file you meant."};
    case FileError::kNotRegular: return {ExitCode::kUsage, "not-a-file", "Name a regular file."};
    case FileError::kExists:
      return {ExitCode::kFailed, "file-exists",
              "Choose another name, or move the existing file away."};
    case FileError::kFailed:
      return {ExitCode::kFailed, "file-failed", "Check the permissions and the space left."};
  }
  return kUnknown;
}

Meaning meaning_of(control::ControlError error) {
  using control::ControlError;
  switch (error) {
    case ControlError::kTooLarge:
      return {ExitCode::kUsage, "request-too-large", "Send less at once."};
    case ControlError::kMalformed:
      return {ExitCode::kFailed, "protocol", "Check that blo and blod are of the same release."};
    case ControlError::kUnreachable:
      return {ExitCode::kFailed, "daemon-unreachable",
              "Check --home, and that blod runs: systemctl status blod."};
    case ControlError::kPathTooLong:
      return {
          ExitCode::kFailed, "socket-path-too-long",
          "Set control_socket in blod.toml to a shorter path, such as /run/blo/control.sock, and "
          "restart blod; or give the home a shorter name."};
    case ControlError::kForbidden:
      return {ExitCode::kNotAuthorised, "socket-forbidden",
              "Ask the administrator to put your account into the group of the control socket."};
    case ControlError::kStranger:
      return {
          ExitCode::kNotAuthorised, "daemon-stranger",
          "Nothing was asked. Check --home; where it is right, tell the administrator who listens "
          "there: only the user blod runs as may own the office's home and change it."};
    case ControlError::kTooMany:
      return {ExitCode::kRefused, "too-many-followers", "End one that is no longer looked at."};
    case ControlError::kAnswerTooLarge:
      return {ExitCode::kRefused, "answer-too-large", "Ask for less."};
    case ControlError::kInterrupted:
      return {ExitCode::kFailed, kInterrupted,
              "It may have been carried out all the same. Before you repeat it, look: blo outbox, "
              "blo status."};
    case ControlError::kClosed:
      return {
          ExitCode::kFailed, "daemon-hung-up",
          "It may have been carried out all the same. Before you repeat it, look: blo outbox, blo "
          "status. The daemon's diagnostics: journalctl -u blod."};
  }
  return kUnknown;
}

Meaning meaning_of(identity::IdentityError error) {
  using identity::IdentityError;
  switch (error) {
    case IdentityError::kWrongPassphrase:
      return {ExitCode::kNotAuthorised, "wrong-passphrase", "Try again with the right passphrase."};
    case IdentityError::kPassphraseNeeded:
      return {ExitCode::kNotAuthorised, "passphrase-needed", "Give --passphrase-file."};
    case IdentityError::kPermissions:
      return {ExitCode::kNotAuthorised, "key-permissions",
              "Mend it as it says. A key that others could use needs replacing, too."};
    case IdentityError::kNoMemory:
      return {ExitCode::kFailed, "no-memory",
              "Sealing a key takes 256 MiB: close something, or use a larger machine."};
    case IdentityError::kExpired:
      return {ExitCode::kVerificationFailed, "expired", "Have a new certificate issued."};
    case IdentityError::kNotYetValid:
      return {ExitCode::kVerificationFailed, "not-yet-valid", "Check this machine's clock."};
    default:
      return {ExitCode::kVerificationFailed, "verification-failed",
              "Do not use this file; have it sent again by a way you trust."};
  }
}

Meaning meaning_of(GuardError error) {
  if (error == GuardError::kUnguardable) {
    return {ExitCode::kRefused, "unguardable-place",
            "Nothing was made. Requests, certificates, pairing files, exports and backups may lie "
            "there; what is secret may not."};
  }
  return {ExitCode::kNotAuthorised, "key-permissions",
          "Mend it as it says and repeat the command: nothing was made."};
}

template <class Enum>
bool is_of(const Error& error, Enum any) {
  return error.code().category() == make_error_code(any).category();
}

Meaning meaning_of(const Error& error) {
  if (is_of(error, FileError::kFailed)) {
    return meaning_of(static_cast<FileError>(error.code().value()));
  }
  if (is_of(error, GuardError::kLink)) {
    return meaning_of(static_cast<GuardError>(error.code().value()));
  }
  if (is_of(error, control::ControlError::kClosed)) {
    return meaning_of(static_cast<control::ControlError>(error.code().value()));
  }
  if (is_of(error, identity::IdentityError::kMalformed)) {
    return meaning_of(static_cast<identity::IdentityError>(error.code().value()));
  }
  if (is_of(error, message::MessageError::kMalformed)) {
    return {ExitCode::kUsage, "invalid-message", "Correct it and send again; nothing was sent."};
  }
  return kUnknown;
}

}  // namespace

Failure usage(std::string sentence, std::string next_step) {
  return {ExitCode::kUsage, "usage", std::move(sentence), std::move(next_step)};
}

Failure failure_from(const Error& error, const std::string& about) {
  const Meaning meaning = meaning_of(error);
  std::string sentence = about.empty() ? error.message() : about + ": " + error.message();
  return {meaning.code, meaning.reason, std::move(sentence), meaning.next_step};
}

}  // namespace blo::cli
