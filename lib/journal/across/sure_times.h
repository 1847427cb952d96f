// The times of a journal that bound what follows: at which of them an entry is judged whose office
// was not sure of its clock. docs/format/entry.md has the rule.
#ifndef BLO_JOURNAL_ACROSS_SURE_TIMES_H
#define BLO_JOURNAL_ACROSS_SURE_TIMES_H

#include <algorithm>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace blo::journal {

/// What authorises an unsure entry before which no time is sure: its own time, which an empty clock
/// may have put before all certificates, but not before that of the first entry.
[[nodiscard]] inline WallTime where_none_is_sure(WallTime time, WallTime begun) {
  return std::max(time, begun);
}

/// Of one generation, in the order of its entries.
class SureTimes {
 public:
  virtual ~SureTimes() = default;
  /// When the first entry is judged, sure or not.
  virtual void begin(WallTime judged) = 0;
  /// Of the next entry whose time is sure and no claim.
  virtual void add(WallTime time) = 0;
  /// What authorises an entry with that time: the latest of them that is not later; the last of all
  /// where every one is later; where_none_is_sure() where there is none.
  [[nodiscard]] virtual WallTime authorising(WallTime time) = 0;
  /// Why authorising() could not look; from then on its answers say nothing.
  [[nodiscard]] virtual std::optional<Error> failure() const { return std::nullopt; }
  /// All that was added is in the store.
  virtual void stored() {}
};

/// In memory: 8 bytes for each time that differs from the one before.
class KeptSureTimes : public SureTimes {
 public:
  void begin(WallTime judged) override { begun_ = judged; }
  void add(WallTime time) override;
  [[nodiscard]] WallTime authorising(WallTime time) override;
  /// Without what is later.
  [[nodiscard]] std::optional<WallTime> not_later(WallTime time) const;
  [[nodiscard]] std::optional<WallTime> last() const;
  void clear() { times_.clear(); }

 private:
  WallTime begun_{};
  std::vector<WallTime> times_;
  bool ascend_ = true;  // so they do in a pair's journal that is read whole
};

}  // namespace blo::journal

#endif
