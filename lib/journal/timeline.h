// What happened in one journal, entry by entry and receipt by receipt, for people: its beginning
// and its end, and a count of what lies between.
#ifndef BLO_JOURNAL_TIMELINE_H
#define BLO_JOURNAL_TIMELINE_H

#include <deque>
#include <map>

#include "journal/reader.h"

namespace blo::journal {

struct TimelineRow {
  WallTime time;     // the sender's stamp, or the receipt's
  std::string what;  // printable ASCII: "entry 7: alert, flash, by officer 3"
  Hash hash;         // the entry's leaf, or the root receipted
};

/// Memory does not grow beyond `rows_max` rows, whatever the journal's length.
class Timeline {
 public:
  explicit Timeline(std::size_t rows_max) : half_(rows_max / 2) {}

  /// The next entry; `last` is the stamp in force after it, which dates an entry that has none.
  void add(const ReadEntry& entry, bool signatures_hold, WallTime last);
  /// A valid receipt for the journal's first `size` entries.
  void add_receipt(std::uint64_t size, const Hash& root, WallTime time);

  [[nodiscard]] const std::vector<TimelineRow>& first() const { return first_; }
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }
  [[nodiscard]] const std::deque<TimelineRow>& last() const { return last_; }

 private:
  void push(TimelineRow row);

  std::size_t half_;
  std::vector<TimelineRow> first_;
  std::uint64_t left_out_ = 0;
  std::deque<TimelineRow> last_;
};

using Timelines = std::map<Origin, Timeline>;

}  // namespace blo::journal

#endif
