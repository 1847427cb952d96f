// When this machine's clock is believed, and when it is enough to destroy contents by: decision
// 0008. A pure machine of values: readings, and what was seen of others' clocks, in; a judgement
// out.
#ifndef BLO_OFFICE_CLOCK_BELIEF_H
#define BLO_OFFICE_CLOCK_BELIEF_H

#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "store/clock_store.h"

namespace blo::office {

///   kNo ──one of the others holds──► that one
///   any ──the clock steps by more than limits::kClockStepMax──► judged anew
/// Once believed a clock is believed until it steps: between two readings the steady clock speaks
/// for it. That NTP is lost is no step.
enum class Believed {
  kNo,
  kGoesOn,   // it lies between the newest time known and limits::kClockGoesOnMax after it
  kInStep,   // the kernel says that NTP keeps it in step
  kSession,  // a counterpart's clock, in a session's Hello, agrees
  kPerson,   // somebody typed the date, since the start and the last step
};

/// A date that somebody typed: the day in UTC, from its first moment to its last.
struct TypedDate {
  std::chrono::year_month_day day;
  bool by_officer;  // signed by an officer's key; not: by the Unix user alone
};

/// That contents may be destroyed because of what the clock says. Nobody but the clock makes one.
class MayDestroy {
 private:
  friend class ClockBelief;
  MayDestroy() = default;
};

/// **The newest time known** is the latest of what cannot be later than now: when this office's
/// certificates began; a mark that is kept each hour while the clock is believed; receipts that
/// were kept, and Hellos that agreed, each up to our own clock of that moment (what a counterpart
/// says beyond it would keep us from believing a right clock after the next power cut); and stamps
/// of ours that were made by a believed clock. What lies more than a day after a receipt kept
/// later, or after a date typed later, is forgotten.
///
/// Every call but the first gives a reading that was made after the ones before.
class ClockBelief {
 public:
  /// `certified_from`: the latest beginning of a certificate that this office holds of itself.
  /// `kept`: kept() of the run before; nothing in a new store.
  ClockBelief(WallTime certified_from, const std::optional<store::ClockRow>& kept);

  /// Whether NTP keeps the clock in step, from now on.
  void set_in_step(bool in_step) { in_step_ = in_step; }
  /// A stamp stands in a journal of ours: it is known where it was made by a clock that was
  /// believed, or is no later than one that was.
  void add_own_stamp(WallTime stamp);
  /// A reading. Call it at least once a minute, so that a step is not taken for time that passed.
  void look(Now now);
  /// What the Hello of an authenticated session said; only where the two lie at most
  /// limits::kClockSkewMax apart it counts for anything.
  void hear(const std::string& counterpart, WallTime theirs, Now now);
  /// A receipt of that time was verified and kept.
  void keep_receipt(WallTime given, Now now);
  /// False: its day lies further than limits::kClockSkewMax from the clock, or that is before this
  /// office's certificates began, and nothing changes.
  [[nodiscard]] bool type(const TypedDate& date, Now now);

  /// As of the last reading.
  [[nodiscard]] Believed believed() const { return believed_; }
  [[nodiscard]] bool is_believed() const { return believed_ != Believed::kNo; }
  [[nodiscard]] WallTime newest_known() const;
  /// What the validity of a counterpart's certificate is judged by: the clock, or, where that is
  /// not believed, the newest time known.
  [[nodiscard]] WallTime judging_time() const;
  /// A believed clock alone does not do: a counterpart's was within limits::kClockSkewMax of it at
  /// most limits::kClockVouchedMax ago, or an officer typed the date at most limits::kDateTypedMax
  /// ago.
  [[nodiscard]] std::optional<MayDestroy> may_destroy() const;

  /// Something due could not be destroyed; or all was.
  void set_waits(bool waits);
  [[nodiscard]] const std::optional<WallTime>& waits() const { return kept_.waits; }

  /// For the next run; what changes is worth a write at most once an hour.
  [[nodiscard]] const store::ClockRow& kept() const { return kept_; }

 private:
  struct Seen {
    WallTime theirs;
    SteadyTime at;
  };
  [[nodiscard]] WallTime now_theirs(const Seen& seen) const {
    return seen.theirs + (last_.steady - seen.at);
  }
  [[nodiscard]] Believed judge() const;
  void forget_beyond(WallTime time, WallTime limit);
  void note_vouched();
  void keep_mark();

  WallTime certified_from_;
  store::ClockRow kept_;
  bool in_step_ = false;
  std::optional<Now> base_;  // since the last step
  Now last_{};
  Believed believed_ = Believed::kNo;
  std::map<std::string, Seen> sessions_;  // the newest Hello of each counterpart that agreed
  std::optional<Seen> receipt_;           // the newest, where it was beside our clock
  bool person_ = false;
  std::optional<SteadyTime> typed_;  // by an officer, since the last step
  std::optional<SteadyTime> marked_;
  std::optional<WallTime> own_stamp_;  // the newest that counts
  bool vouched_before_;  // kept_.vouched is of a run before, and nothing stepped since
};

}  // namespace blo::office

#endif
