// A command of somebody else's: started, fed, and not waited for without end.
#ifndef BLO_CLI_BLO_RUN_COMMAND_H
#define BLO_CLI_BLO_RUN_COMMAND_H

#include <string>
#include <vector>

#include "base/clock.h"

namespace blo::cli {

/// How a command ended, as a clause: "it ended with 1", "it was killed after 30 s"; empty: well.
/// `input` is its standard input; stdout and stderr are this program's. Found by PATH as a shell
/// finds it, and no shell reads its words. After `time_max` it is killed with all that it started
/// in its process group.
[[nodiscard]] std::string run_command(const std::vector<std::string>& command,
                                      const std::string& input, milliseconds time_max);

}  // namespace blo::cli

#endif
