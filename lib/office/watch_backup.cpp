#include "office/watching.h"

namespace blo::office {
namespace {

constexpr std::string_view kWaitMark = "backup wait";  // a WaitTime
constexpr std::string_view kWallMark = "backup wall";  // of people's
constexpr int kPatiencesMax = 1'000;

/// How many patiences have passed since; of the store's beginning, WaitTime() is before all.
int patiences_since(Office& office, WaitTime last, milliseconds patience, Now now) {
  int count = 0;
  while (count < kPatiencesMax && last < office.store().waits().since((count + 1) * patience, now))
    ++count;
  return count;
}

}  // namespace

Result<void> note_backup(Office& office, Now now) {
  auto transaction = office.store().begin();
  if (!transaction) return transaction.error();
  const auto here = office.store().waits().enter(now);
  if (!here) return here.error();
  auto& marks = office.store().marks();
  if (const auto done =
          marks.put(kWaitMark, static_cast<std::uint64_t>(here->time_since_epoch().count()));
      !done)
    return done;
  if (const auto done = marks.put(kWallMark, to_unix_ms(now.wall)); !done) return done;
  if (const auto done = transaction->commit(); !done) return done;
  return office.alarms().shrunk(AlarmCode::kBackupOld, office.keys().id.text());
}

Result<std::optional<WallTime>> newest_backup(Office& office) {
  const auto mark = office.store().marks().find(kWallMark);
  if (!mark) return mark.error();
  if (!*mark) return std::optional<WallTime>();
  return std::optional(from_unix_ms(**mark));
}

Result<void> watch_backup(Office& office, const BackupPatience& patience, Now now) {
  const auto mark = office.store().marks().find(kWaitMark);
  if (!mark) return mark.error();
  if (!*mark && !patience.expected) return {};
  const WaitTime last(milliseconds(static_cast<std::int64_t>(mark->value_or(0))));
  const int count = patiences_since(office, last, patience.time, now);
  if (count == 0) return {};
  const auto when = newest_backup(office);
  if (!when) return when.error();
  Alarm alarm{AlarmCode::kBackupOld, office.keys().id.text(),
              *when ? "The newest backup was made at " + to_rfc3339(**when)
                    : std::string("No backup was ever made of this office"),
              "Make one: blo backup. Where a timer does it, find out why it did not: systemctl "
              "status blo-backup, journalctl -u blo-backup.",
              ""};
  alarm.measure = {static_cast<std::uint64_t>(count) + 1, 1};
  const auto raised = office.alarms().raise(alarm, now);
  if (!raised) return raised.error();
  return {};
}

}  // namespace blo::office
