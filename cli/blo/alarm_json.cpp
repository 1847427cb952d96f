#include "alarm_json.h"

#include "blo/v1/control.pb.h"
#include "wire_names.h"

namespace blo::cli {

Json to_json(const v1::Alarm& alarm) {
  Json acknowledged;
  if (alarm.acknowledged_ms() != 0) {
    acknowledged = Json::object({{"time", time_from_ms(alarm.acknowledged_ms())},
                                 {"person", alarm.acknowledged_person()},
                                 {"by", alarm.acknowledged_by()},
                                 {"sentence", alarm.acknowledgement()}});
  }
  return Json::object({{"alarm", alarm.id()},
                       {"raised", time_from_ms(alarm.raised_ms())},
                       {"code", alarm.code()},
                       {"severity", severity_name(alarm.severity())},
                       {"subject", alarm.subject()},
                       {"sentence", alarm.sentence()},
                       {"nextStep", alarm.next_step()},
                       {"occurrences", alarm.occurrences()},
                       {"last", time_from_ms(alarm.last_ms())},
                       {"evidence", alarm.has_evidence()},
                       {"acknowledged", acknowledged}});
}

}  // namespace blo::cli
