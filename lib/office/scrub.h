// The scrub: once a day everything that the store holds of its journals is read, in slices, and
// compared with what was accepted.
#ifndef BLO_OFFICE_SCRUB_H
#define BLO_OFFICE_SCRUB_H

#include "office/alarms.h"

namespace blo::office {

/// One at a time, over every generation of every journal as it stood when the pass began:
///
///     waiting ── a day after the last pass began, or 5 minutes after the start ──► under way
///        ▲                                                                            │
///        └───────────────── all is read; when, and what was found, is kept ◄──────────┘
///
/// Each entry's leaf is hashed up to the hashes noted beside entries, the roots of receipts and the
/// journal's own; each body is opened and compared with what its entry commits to. A body that is
/// gone is no fault: it may have been destroyed. What differs is an alarm (`damaged`).
class Scrub {
 public:
  explicit Scrub(store::Store& store) : store_(store) {}

  /// Reads a slice where a pass is under way or due: at most kSliceRows entries, and no more once
  /// kSliceBytes were read. Call it some times a second, outside of transactions. A full disk
  /// (reads_go_on()) is met again by the next call; nothing is passed over for it.
  [[nodiscard]] Result<void> tick(Alarms& alarms, Now now);
  [[nodiscard]] bool under_way() const { return pass_.has_value(); }

  static constexpr std::size_t kSliceRows = 64;
  static constexpr std::size_t kSliceBytes = 256 * 1024;
  static constexpr milliseconds kFirstAfter{5LL * 60 * 1000};
  static constexpr milliseconds kEvery{24LL * 60 * 60 * 1000};

 private:
  /// How far one journal was read. A value: a slice that could not be finished never was.
  struct Reading {
    store::JournalRow row;
    std::uint64_t next = 0;  // the entry
    std::optional<journal::Frontier> tree =
        journal::Frontier();                     // of all before it; none: lost at what is damaged
    std::optional<store::StoredHead> head = {};  // the smallest receipted one that lies ahead
    bool explained = false;                      // since the last one something damaged was found
  };
  struct Pass {
    std::uint64_t cuts;                      // of journals, when it began
    std::vector<store::JournalRow> waiting;  // for their turn
    std::optional<Reading> reading;
    std::uint64_t entries = 0;
    std::uint64_t damaged = 0;
  };
  struct Slice {
    std::size_t rows = 0;
    std::size_t bytes = 0;
    std::vector<std::string> damaged;  // clauses: "entry 17 (its content does not open)"
    [[nodiscard]] bool full() const { return rows >= kSliceRows || bytes >= kSliceBytes; }
  };

  [[nodiscard]] Result<SteadyTime> first_due(Now now);
  [[nodiscard]] Result<void> begin(Now now);
  [[nodiscard]] Result<void> finish(Now now);
  [[nodiscard]] Result<void> seek_head(Reading& reading, Slice& slice);
  [[nodiscard]] Result<void> read(Reading& reading, Slice& slice);
  [[nodiscard]] Result<void> look_at(Reading& reading, const store::StoredEntry& entry,
                                     Slice& slice);
  [[nodiscard]] Result<void> pass_over(Reading& reading, Slice& slice);
  [[nodiscard]] Result<void> compare_head(Reading& reading, Slice& slice);
  void close(Reading& reading, Slice& slice) const;

  store::Store& store_;
  std::optional<SteadyTime> due_;
  std::optional<Pass> pass_;
};

}  // namespace blo::office

#endif
