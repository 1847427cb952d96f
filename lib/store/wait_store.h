// The office's waiting time in the store, so that it goes on where the last run ended.
#ifndef BLO_STORE_WAIT_STORE_H
#define BLO_STORE_WAIT_STORE_H

#include "base/wait_clock.h"
#include "store/database.h"

namespace blo::store {

class WaitStore {
 public:
  /// Times off that are kept; what is older than so many runs counts as running time alone.
  static constexpr std::int64_t kTimesOffMax = 1'000;
  /// How often a mark is kept while nothing is entered.
  static constexpr milliseconds kKeptEvery{60'000};

  explicit WaitStore(Database& database) : database_(database) {}

  /// Once, when the store is opened. kCorrupt.
  [[nodiscard]] Result<void> load();

  /// The present, for something that waits from now on and is written in the caller's transaction.
  [[nodiscard]] Result<WaitTime> enter(Now now);
  [[nodiscard]] WaitTime since(milliseconds patience, Now now) {
    return clock_.since(patience, now);
  }
  void compare(WallTime theirs, Now now) { clock_.compare(theirs, now); }
  /// Call it every few seconds: keeps a mark where the last is older than kKeptEvery.
  [[nodiscard]] Result<void> keep(Now now);

 private:
  [[nodiscard]] Result<void> write(Now now);

  Database& database_;
  WaitClock clock_;
};

}  // namespace blo::store

#endif
