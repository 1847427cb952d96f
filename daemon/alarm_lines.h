// The lines about alarms in the diagnostics.
#ifndef BLO_DAEMON_ALARM_LINES_H
#define BLO_DAEMON_ALARM_LINES_H

#include "base/diag.h"
#include "store/alarm_store.h"

namespace blo::daemon {

/// By its severity. Neither its sentence nor who acknowledged it is there.
[[nodiscard]] diag::AlarmLine raised_line(const store::AlarmRow& alarm);
[[nodiscard]] diag::AlarmLine acknowledged_line(const store::AlarmRow& alarm);

}  // namespace blo::daemon

#endif
