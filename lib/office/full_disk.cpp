#include "office/full_disk.h"

namespace blo::office {
namespace {

Alarm alarm_of(const journal::Unentered& unentered, const OfficeId& office) {
  Alarm alarm;
  alarm.code = AlarmCode::kUnentered;
  alarm.subject = office.text();
  alarm.occurrences = unentered.requests;
  const std::string times =
      unentered.requests == 1 ? " once" : " " + std::to_string(unentered.requests) + " times";
  alarm.also = "officer " + std::to_string(unentered.person) + times + " (" +
               to_rfc3339(unentered.first) + " to " + to_rfc3339(unentered.last) + ")";
  alarm.sentence =
      "while the store had no room, officers read without an entry of each act in the audit "
      "trail: " +
      alarm.also;
  alarm.next_step =
      "Find out what filled the disk and who gained by it; blo trail has the numbers, and which "
      "messages were read is not known.";
  return alarm;
}

}  // namespace

bool FullDisk::take(std::uint64_t person) {
  auto& by = taken_by_[person];
  if (taken_ >= kReserveActs || by >= kReserveActsPerOfficer) return false;
  ++taken_;
  ++by;
  return true;
}

void FullDisk::restore() {
  taken_ = 0;
  taken_by_.clear();
}

void FullDisk::count(std::uint64_t person, WallTime now) {
  const auto [counted, first] =
      counted_.try_emplace(person, journal::Unentered{person, 1, now, now});
  if (first) return;
  ++counted->second.requests;
  counted->second.first = std::min(counted->second.first, now);
  counted->second.last = std::max(counted->second.last, now);
}

std::uint64_t FullDisk::requests_counted() const {
  std::uint64_t sum = 0;
  for (const auto& [person, counted] : counted_) sum += counted.requests;
  return sum;
}

Result<void> FullDisk::enter(store::Store& store, Trail& trail, Alarms& alarms,
                             const OfficeId& office, Now now, store::Space space) {
  if (counted_.empty()) return {};
  auto transaction = store.begin(space);
  if (!transaction) return transaction.error();
  Trail::Addition addition(trail, now);
  for (const auto& [person, counted] : counted_) {
    const auto index = addition.add(counted);
    if (!index) return index.error();
    const auto raised = alarms.raise_within(alarm_of(counted, office), now);
    if (!raised) return raised.error();
  }
  if (const auto done = addition.finish(); !done) return done;
  if (const auto done = transaction->commit(); !done) return done;
  addition.keep();
  counted_.clear();
  return {};
}

}  // namespace blo::office
