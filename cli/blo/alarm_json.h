// An alarm as programs take it: in a list, and by what is run for it.
#ifndef BLO_CLI_BLO_ALARM_JSON_H
#define BLO_CLI_BLO_ALARM_JSON_H

#include "json.h"

namespace blo::v1 {
class Alarm;
}

namespace blo::cli {

[[nodiscard]] Json to_json(const v1::Alarm& alarm);

}  // namespace blo::cli

#endif
