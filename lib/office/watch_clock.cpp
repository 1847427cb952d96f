#include "office/watching.h"

namespace blo::office {

Result<void> ClockWatch::look(Office& office, bool believed, milliseconds patience, Now now) {
  const std::string us = office.keys().id.text();
  if (believed) {
    unsure_since_.reset();
    return office.alarms().shrunk(AlarmCode::kClockUnsure, us);
  }
  if (!unsure_since_) unsure_since_ = now.steady;
  const milliseconds unsure = now.steady - *unsure_since_;
  if (unsure < patience) return {};
  Alarm alarm{AlarmCode::kClockUnsure, us,
              "This machine's clock is not believed: " + office.clock().view(now).why,
              "Until it is, nothing that counterparts send is stored. Look at a watch, set the "
              "clock where it is wrong (timedatectl set-time), and say so: blo clock confirm "
              "YYYY-MM-DD.",
              ""};
  alarm.measure = {static_cast<std::uint64_t>(unsure / patience) + 1, 1};
  const auto raised = office.alarms().raise(alarm, now);
  if (!raised) return raised.error();
  return {};
}

}  // namespace blo::office
