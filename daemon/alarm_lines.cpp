#include "daemon/alarm_lines.h"

#include "daemon/node.h"
#include "office/alarms.h"

namespace blo::daemon {

diag::AlarmLine raised_line(const store::AlarmRow& alarm) {
  const bool critical = office::severity_of(alarm.code) == office::Severity::kCritical;
  return {"raised", critical ? diag::Level::kError : diag::Level::kWarning, alarm.code,
          alarm.subject, alarm.id};
}

diag::AlarmLine acknowledged_line(const store::AlarmRow& alarm) {
  return {"acknowledged", diag::Level::kInfo, alarm.code, alarm.subject, alarm.id};
}

void Node::tell_of_alarms() {
  const auto alarms = office_.alarms().untold();
  if (!alarms) return note_store_failure(alarms.error());
  if (alarms->empty()) return;
  for (const auto& alarm : *alarms) diag::write(raised_line(alarm));
  const auto marked = office_.alarms().mark_told(alarms->back().id);
  if (!marked) note_store_failure(marked.error());
}

}  // namespace blo::daemon
