#include <bit>

#include "office/watching.h"

namespace blo::office {
namespace {

std::string in_mib(std::uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

}  // namespace

Result<void> watch_disk(Office& office, const store::DiskSpace& space, const DiskFloor& floor,
                        Now now) {
  const std::string us = office.keys().id.text();
  const std::uint64_t limit = std::min(floor.bytes, space.bytes / 100 * floor.percent);
  // A tenth more than the limit is room again: what goes to and fro about it is one alarm.
  if (space.free_bytes >= limit + limit / 10)
    return office.alarms().shrunk(AlarmCode::kDiskLow, us);
  if (space.free_bytes >= limit) return {};
  Alarm alarm{AlarmCode::kDiskLow, us,
              "The disk that holds the store has " + in_mib(space.free_bytes) + " free of " +
                  in_mib(space.bytes),
              "Find out what fills it (du -x) and make room before it is full: then nothing is "
              "accepted or receipted any more.",
              ""};
  // Each halving of what is free counts one more.
  alarm.measure = {
      1 + static_cast<std::uint64_t>(std::bit_width(limit) - std::bit_width(space.free_bytes)) + 1,
      1};
  const auto raised = office.alarms().raise(alarm, now);
  if (!raised) return raised.error();
  return {};
}

}  // namespace blo::office
