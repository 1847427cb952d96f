// What is wrong with a command line that CLI11 refused.
#ifndef BLO_CLI_BLO_ARGUMENTS_UNKNOWN_H
#define BLO_CLI_BLO_ARGUMENTS_UNKNOWN_H

#include "arguments.h"

namespace CLI {
class App;
}

namespace blo::cli {

/// The first word that is neither a command, nor an option, nor the value of one, is named, with
/// the nearest that there are. Where every word is known, and they end before a command is named
/// ("blo", "blo pair"), it is the help of that group, save for a program. Else it is what CLI11
/// says, `why`: a second line of that is the next step.
[[nodiscard]] std::variant<Invocation, HelpText, UsageError> refused(const CLI::App& root, int argc,
                                                                     const char* const* argv,
                                                                     const std::string& why);

}  // namespace blo::cli

#endif
