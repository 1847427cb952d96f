// blo status --check: the office's state as monitors of the Nagios kind take it.
#ifndef BLO_CLI_BLO_STATUS_CHECK_H
#define BLO_CLI_BLO_STATUS_CHECK_H

#include "arguments.h"

namespace blo::cli {

/// Exit codes of its own: https://www.monitoring-plugins.org/doc/guidelines.html
enum class CheckCode { kOk = 0, kWarning = 1, kCritical = 2, kUnknown = 3 };

/// Says one line: "BLO WARNING - UZ-OYBEK: …|…". Whatever keeps it from an answer is kUnknown.
[[nodiscard]] CheckCode check_status(const Globals& globals);

}  // namespace blo::cli

#endif
