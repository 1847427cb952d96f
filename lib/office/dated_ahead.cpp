#include "office/dated_ahead.h"

#include "office/entry_time.h"

namespace blo::office {

Result<std::optional<WallTime>> dated_ahead_until(Office& office, const Pair& pair, Now now) {
  std::optional<WallTime> none;
  if (!pair.carries_messages() || !office.clock().believed(now)) return none;
  if (pair.sent->row.last_stamp.time <= now.wall + limits::kClockStepMax) return none;
  const auto time = entry_time(office.store(), pair.sent->row, office.clock().dating(now));
  if (!time) return time.error();
  return time->unsure ? none : std::optional(time->time);
}

Result<void> tell_dated_ahead(Office& office, Now now) {
  for (const auto& pair : office.pairs()) {
    const auto until = dated_ahead_until(office, *pair, now);
    if (!until) return until.error();
    if (!*until) continue;
    const std::string date = to_rfc3339(**until);
    Alarm alarm{AlarmCode::kDatedAhead, pair->counterpart().text(),
                "What this office enters for " + pair->counterpart().text() + " bears the date " +
                    date +
                    ", and goes on so until then: a clock was ahead, and nothing that came "
                    "of it shows that it was wrong",
                "Nothing is lost and messages go on. Compare this machine's clock with a watch "
                "(timedatectl), and keep this for your auditors, who read these dates.",
                ""};
    alarm.measure = {to_unix_s(**until),
                     static_cast<std::uint64_t>(limits::kClockStepMax / seconds(1))};
    const auto raised = office.alarms().raise(alarm, now);
    if (!raised) return raised.error();
  }
  return {};
}

}  // namespace blo::office
