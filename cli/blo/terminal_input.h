// One line typed at the terminal, whatever stdin is.
#ifndef BLO_CLI_BLO_TERMINAL_INPUT_H
#define BLO_CLI_BLO_TERMINAL_INPUT_H

#include "base/bytes.h"
#include "failure.h"

namespace blo::cli {

enum class Echo { kOn, kOff };

/// Writes `question` to /dev/tty and reads a line of at most 1,024 bytes, without its newline. The
/// echo is restored before an interrupting signal takes effect. The caller wipes a secret.
/// Failures: no terminal; the line is too long.
[[nodiscard]] Outcome<Bytes> read_terminal_line(const std::string& question, Echo echo);

}  // namespace blo::cli

#endif
