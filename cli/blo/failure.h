// How a command ends badly: an exit code, a stable reason, and sentences for people.
#ifndef BLO_CLI_BLO_FAILURE_H
#define BLO_CLI_BLO_FAILURE_H

#include "base/result.h"

namespace blo::cli {

/// blo's exit codes; the values are the control protocol's, too. docs/cli.md.
enum class ExitCode {
  kOk = 0,
  kFailed = 1,
  kUsage = 2,
  kNotFound = 3,
  kNotAuthorised = 4,
  kRefused = 5,
  kVerificationFailed = 6,
  kNoReceipt = 7,
  kDegraded = 8,
};

/// The reason where a wait was ended by Ctrl-C or its like.
inline constexpr const char* kInterrupted = "interrupted";

struct Failure {
  Failure() = default;
  // Not an aggregate: a result would take an ExitCode for the beginning of one.
  Failure(ExitCode exit_code, std::string why, std::string what, std::string next)
      : code(exit_code),
        reason(std::move(why)),
        sentence(std::move(what)),
        next_step(std::move(next)) {}

  ExitCode code = ExitCode::kFailed;
  std::string reason;     // stable, for programs: "unknown-officer"
  std::string sentence;   // what happened, to what
  std::string next_step;  // what to do next; may be empty
};

/// As throw_exception_from_error for Error: reached only by a bug.
[[noreturn]] inline void throw_exception_from_error(const Failure& failure,
                                                    const boost::source_location& where) {
  check_failed(failure.sentence.c_str(), where.file_name(), static_cast<int>(where.line()));
}

/// A value, or why the command ends here.
template <class T>
class [[nodiscard]] Outcome : public boost::system::result<T, Failure> {
 public:
  using boost::system::result<T, Failure>::result;
};

template <>
class [[nodiscard]] Outcome<void> : public boost::system::result<void, Failure> {
 public:
  using boost::system::result<void, Failure>::result;
  Outcome() = default;
};

[[nodiscard]] Failure usage(std::string sentence, std::string next_step = {});

/// A library's error with the exit code, reason and next step that fit it. `about` is put in front
/// of the sentence: the file or thing at fault.
[[nodiscard]] Failure failure_from(const Error& error, const std::string& about = {});

}  // namespace blo::cli

#endif
