// What happened in one journal, entry by entry and receipt by receipt, for people: its beginning
// and its end, and a count of what lies between.
#ifndef BLO_JOURNAL_TIMELINE_H
#define BLO_JOURNAL_TIMELINE_H

#include <deque>
#include <map>

#include "journal/answers.h"
#include "journal/reader.h"

namespace blo::journal {

struct TimelineRow {
  WallTime time;     // when the entry was made, as far as that is known; or the receipt's
  std::string what;  // printable ASCII: "entry 7: alert, flash, by officer 3"
  Hash hash;         // the entry's leaf, or the root receipted
  std::optional<std::uint64_t> entry = {};  // its index; none: a receipt
  std::optional<MessageId> answers = {};    // of an opened or acted, a reply: what it is about
};

/// A valid receipt for the first `size` entries.
struct ReceiptedSize {
  std::uint64_t size;
  WallTime time;
};

enum class KeepReceipts { kRows, kAll };

/// Memory does not grow beyond `rows_max` rows, whatever the journal's length; with
/// KeepReceipts::kAll by 16 bytes for each head that is receipted, and 24 for each that the stamps
/// of one day name.
class Timeline {
 public:
  explicit Timeline(std::size_t rows_max, KeepReceipts keep = KeepReceipts::kRows)
      : half_(rows_max / 2), keep_(keep) {}

  /// The next entry; `last` is the stamp in force after it, which dates an entry that has none.
  void add(const ReadEntry& entry, bool signatures_hold, const Stamp& last);
  /// A valid receipt for the journal's first `size` entries. The newest stands in an export twice,
  /// and once here.
  void add_receipt(std::uint64_t size, const Hash& root, WallTime time);

  [[nodiscard]] const std::vector<TimelineRow>& first() const { return first_; }
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }
  [[nodiscard]] const std::deque<TimelineRow>& last() const { return last_; }
  /// The first receipt for each size, by size; empty with KeepReceipts::kRows.
  [[nodiscard]] const std::deque<ReceiptedSize>& receipts() const { return receipts_; }
  /// The latest time at which an entry under a receipt was there, by its own stamp and by the
  /// receipt, whichever is earlier: a clock that ran ahead makes nothing later. None: there is
  /// none.
  [[nodiscard]] std::optional<WallTime> newest() const { return newest_; }
  /// The newest head that stamps name.
  [[nodiscard]] const NamedHead& named() const { return named_; }
  /// The newest that was named longer before newest() than a session lasts, and a day more, by
  /// which clocks may differ: what was entered since went over in a later session, after the
  /// receipt. None with KeepReceipts::kRows.
  [[nodiscard]] const NamedHead& long_named() const { return long_named_; }

 private:
  void push(TimelineRow row);
  void take(const ReadEntry& entry, const Stamp& last);
  void name_newly(const ReadEntry& entry, const NamedHead& head);

  std::size_t half_;
  KeepReceipts keep_;
  std::deque<ReceiptedSize> receipts_;
  std::optional<ReceiptedSize> last_receipt_;
  std::optional<WallTime> newest_;
  NamedHead named_;
  std::deque<std::pair<WallTime, NamedHead>> newly_named_;  // since when
  NamedHead long_named_;
  std::vector<TimelineRow> first_;
  std::uint64_t left_out_ = 0;
  std::deque<TimelineRow> last_;
};

struct Timelines {
  KeepReceipts keep = KeepReceipts::kRows;
  bool link = false;  // whether what answers what is asked for
  std::map<Origin, Timeline> journals = {};
  Answers answers = {};
};

/// A row of one of them; or, without one, how many of a journal are left out there.
struct TimelineEvent {
  Origin origin;
  const TimelineRow* row;  // of the timelines, which outlive it
  std::uint64_t left_out;
  WallTime time;
};
/// All rows in the order of their times, save that no entry comes after the receipt over it,
/// whichever clocks were wrong, and that each journal's receipts keep their order.
[[nodiscard]] std::vector<TimelineEvent> in_order(const Timelines& timelines);

}  // namespace blo::journal

#endif
