// What outlives a run of what this office knows of the time, and what waits for the time to come.
#ifndef BLO_STORE_CLOCK_STORE_H
#define BLO_STORE_CLOCK_STORE_H

#include <optional>
#include <vector>

#include "store/journal_store.h"

namespace blo::store {

struct ClockRow {
  WallTime known;       // it was that late at least
  WallTime sure_until;  // our stamps up to then were made by a believed clock, or are no later
  std::optional<WallTime> vouched;  // by our believed clock: a counterpart's was beside it
  std::optional<WallTime> waits;    // what is due has not been destroyed since

  friend bool operator==(const ClockRow&, const ClockRow&) = default;
};

/// A counterpart's erasure that is stored and not carried out: its record, and that one's stamp.
struct ErasureAhead {
  RecordPlace record;
  WallTime stamp;
};

/// Every call that writes belongs inside a Transaction.
class ClockStore {
 public:
  explicit ClockStore(Database& database) : database_(database) {}

  /// Nothing: this store has never kept any.
  [[nodiscard]] Result<std::optional<ClockRow>> load();
  [[nodiscard]] Result<void> save(const ClockRow& row);

  [[nodiscard]] Result<void> put_ahead(const JournalRow& journal, std::uint64_t index,
                                       WallTime stamp);
  [[nodiscard]] Result<void> remove_ahead(const JournalRow& journal, std::uint64_t index);
  /// The first `limit` of those stamped at or before `until`, in the order of their records, behind
  /// `after`.
  [[nodiscard]] Result<std::vector<ErasureAhead>> ahead(
      WallTime until, std::size_t limit, const std::optional<RecordPlace>& after = std::nullopt);

 private:
  Database& database_;
};

}  // namespace blo::store

#endif
