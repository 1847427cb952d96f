// How the service stands, in the sentence that `systemctl status` shows.
#ifndef BLO_DAEMON_SERVICE_STATUS_H
#define BLO_DAEMON_SERVICE_STATUS_H

#include <string>

#include "daemon/node.h"

namespace blo::daemon {

/// "UZ-OYBEK serves its officers; waits for [::]:7117 (…), the clock (…), TJ-FOTEHOBOD"; of many
/// counterparts the first few and how many more.
[[nodiscard]] std::string service_status(const Node& node, office::Office& office, Now now);

}  // namespace blo::daemon

#endif
