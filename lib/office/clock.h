// This office's clock: what ClockBelief judges, kept in the store, and asked before anything is
// done that needs the time.
#ifndef BLO_OFFICE_CLOCK_H
#define BLO_OFFICE_CLOCK_H

#include <functional>

#include "office/clock_belief.h"
#include "office/entry_time.h"
#include "office/pair.h"

namespace blo::office {

/// For people.
struct ClockView {
  Believed believed = Believed::kNo;
  WallTime newest_known;
  std::string why;        // one sentence
  std::string next_step;  // empty where the clock is believed
  bool may_destroy = false;
  std::string why_not;            // contents are not destroyed; a sentence, empty where they may be
  std::optional<WallTime> waits;  // since when what is due has not been destroyed
};

/// Each call makes a reading count; only watch(), confirm() and note_destroyed() write.
class Clock {
 public:
  Clock(store::Store& store, const OfficeKeys& keys);

  /// Once, before anything else. `own_stamps` calls back with each newest stamp of a journal of
  /// ours.
  using OwnStamps = std::function<void(const std::function<void(WallTime)>&)>;
  [[nodiscard]] Result<void> load(OwnStamps own_stamps);
  /// Whether NTP keeps this machine's clock in step, as its kernel says.
  void set_in_step(bool in_step) { belief_.set_in_step(in_step); }

  [[nodiscard]] bool believed(Now now);
  /// kClockNotBelieved, for what is dated by the clock and is not entered under a wrong one.
  [[nodiscard]] Result<void> check(Now now);
  [[nodiscard]] WallTime judging_time(Now now);
  /// For what is entered now.
  [[nodiscard]] Dating dating(Now now) { return {now.wall, believed(now)}; }
  /// kClockNotBelieved, kDateUnproven.
  [[nodiscard]] Result<MayDestroy> may_destroy(Now now);
  [[nodiscard]] ClockView view(Now now);

  /// An authenticated session's Hello.
  void hear(const OfficeId& counterpart, WallTime theirs, Now now);
  void keep_receipt(const journal::Cosignature& receipt, Now now);
  /// Somebody typed today's date. kWrongDate.
  [[nodiscard]] Result<void> confirm(const TypedDate& date, Now now);
  /// Whether something was due and could not be destroyed, or all of it was.
  [[nodiscard]] Result<void> note_destroyed(bool all, Now now);
  /// Keeps what is known for the next run. Call it at least once a minute.
  [[nodiscard]] Result<void> watch(Now now);

 private:
  void look(Now now);
  [[nodiscard]] bool save_is_due() const;
  [[nodiscard]] Result<void> save();

  store::Store& store_;
  ClockBelief belief_;
  WallTime certified_from_;
  std::optional<store::ClockRow> saved_;
  std::optional<SteadyTime> failed_;  // the newest save
  OwnStamps own_stamps_;
};

}  // namespace blo::office

#endif
