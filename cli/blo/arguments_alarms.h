// The options of the commands by which somebody learns of an alarm.
#ifndef BLO_CLI_BLO_ARGUMENTS_ALARMS_H
#define BLO_CLI_BLO_ARGUMENTS_ALARMS_H

#include "arguments.h"

namespace CLI {
class App;
}

namespace blo::cli {

void alarms_options(CLI::App& command, Alarms& args);
void ack_options(CLI::App& command, Ack& args);
void watch_options(CLI::App& command, Watch& args);
void status_options(CLI::App& command, Status& args);

}  // namespace blo::cli

#endif
