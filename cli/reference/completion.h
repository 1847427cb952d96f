// What bash completes after a program's name.
#ifndef BLO_CLI_REFERENCE_COMPLETION_H
#define BLO_CLI_REFERENCE_COMPLETION_H

#include "cli/reference/command.h"

namespace blo::reference {

/// A script for bash 5, which needs nothing beside it: commands, options, the values of closed
/// lists, and files where any text may stand.
[[nodiscard]] std::string bash_completion(const Command& program);

}  // namespace blo::reference

#endif
