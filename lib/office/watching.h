// What the daemon watches of its own surroundings, and when each is an alarm.
#ifndef BLO_OFFICE_WATCHING_H
#define BLO_OFFICE_WATCHING_H

#include "office/office.h"

namespace blo::office {

/// The disk is nearly full when less than both is free.
struct DiskFloor {
  std::uint64_t bytes;
  unsigned percent;  // of the file system
};

struct BackupPatience {
  milliseconds time;
  bool expected;  // also where none was ever made, from the store's beginning on
};

/// `[alarms]` of blod.toml; none: that is no alarm.
struct WatchLimits {
  std::optional<DiskFloor> disk = DiskFloor{2ULL << 30, 10};
  std::optional<BackupPatience> backup = BackupPatience{std::chrono::hours(36), false};
  std::optional<milliseconds> contact = std::chrono::hours(24);
  std::optional<milliseconds> clock = std::chrono::hours(1);
};

/// Acknowledged, it is quiet until half of what was free then is gone, too, or there was room
/// between.
[[nodiscard]] Result<void> watch_disk(Office& office, const store::DiskSpace& space,
                                      const DiskFloor& floor, Now now);

/// A backup was given out whole.
[[nodiscard]] Result<void> note_backup(Office& office, Now now);
/// When the newest one was; none: none was, or nobody knows.
[[nodiscard]] Result<std::optional<WallTime>> newest_backup(Office& office);
/// Counted by base/wait_clock: time off counts, no jump of the clock does.
[[nodiscard]] Result<void> watch_backup(Office& office, const BackupPatience& patience, Now now);

/// With which counterparts that messages go to nothing was exchanged for so long, in the time that
/// this office ran: what was off could hear nobody. Lasts over a restart.
class ContactWatch {
 public:
  /// Call it about once a minute.
  [[nodiscard]] Result<void> look(Office& office, milliseconds patience, Now now);

 private:
  struct Heard {
    WaitTime at;
    WaitTime kept;          // in the store
    WallTime last_contact;  // as the pairing had it
  };
  [[nodiscard]] Result<Heard*> known(Office& office, const Pair& pair, Now now);
  std::map<const Pair*, Heard> heard_;
};

/// How long this run's clock has not been believed.
class ClockWatch {
 public:
  [[nodiscard]] Result<void> look(Office& office, bool believed, milliseconds patience, Now now);

 private:
  std::optional<SteadyTime> unsure_since_;
};

}  // namespace blo::office

#endif
