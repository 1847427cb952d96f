// Who reads while the store has no room to enter it.
#ifndef BLO_OFFICE_FULL_DISK_H
#define BLO_OFFICE_FULL_DISK_H

#include <map>

#include "office/alarms.h"
#include "office/trail.h"

namespace blo::office {

/// So many acts are entered beyond the last free byte, and of them so many of one officer, who must
/// not take them from the others.
inline constexpr std::uint64_t kReserveActs = 1'000;
inline constexpr std::uint64_t kReserveActsPerOfficer = kReserveActs / 10;
/// What one takes of the log at most, on the average of a thousand: nine pages, where its request
/// is kept beside it.
inline constexpr std::uint64_t kReserveActBytes = 36ULL * 1024;
/// A transaction that begins while the reserve is whole may be this long without touching it.
inline constexpr std::uint64_t kReserveMarginBytes = 4ULL * 1024 * 1024;
inline constexpr std::uint64_t kReserveBytes =
    kReserveActs * kReserveActBytes + kReserveMarginBytes;
/// Longer requests are entered by their hash alone there.
inline constexpr std::size_t kReserveRequestBytesMax = 1'024;

/// Counts, by person, the acts that the reserve has left, and what was answered without one. The
/// counts are in memory: a full disk has no room for them either.
class FullDisk {
 public:
  /// One of the reserve's acts, for an officer's request; false: none is left for this one.
  [[nodiscard]] bool take(std::uint64_t person);
  /// There is room again, for all that the reserve holds.
  void restore();

  /// A request of the officer's that only reads is answered and not entered.
  void count(std::uint64_t person, WallTime now);
  [[nodiscard]] bool has_counted() const { return !counted_.empty(); }
  [[nodiscard]] std::uint64_t requests_counted() const;
  /// Enters one record for each officer, with an alarm for all, and forgets what it counted.
  [[nodiscard]] Result<void> enter(store::Store& store, Trail& trail, Alarms& alarms,
                                   const OfficeId& office, Now now, store::Space space);

 private:
  std::uint64_t taken_ = 0;
  std::map<std::uint64_t, std::uint64_t> taken_by_;
  std::map<std::uint64_t, journal::Unentered> counted_;
};

}  // namespace blo::office

#endif
