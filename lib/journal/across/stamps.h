// The heads of the opposite journal that stamps name. A daemon judges them on arrival and an
// auditor in an export, by the rules here: functions of values.
#ifndef BLO_JOURNAL_ACROSS_STAMPS_H
#define BLO_JOURNAL_ACROSS_STAMPS_H

#include <functional>

#include "journal/entry.h"

namespace blo::journal {

/// What the opposite journal says of the head that a stamp names.
enum class StampVerdict : std::uint8_t {
  kHolds,     // it had that head, or the stamp names none
  kLost,      // it lost entries there, and its next generation's start says so
  kUnjudged,  // what is at hand of it does not tell
  kFalse      // it never had that head
};

/// The generation that a stamp names, as far as it is at hand.
struct NamedGeneration {
  enum class Extent : std::uint8_t {
    kNone,    // there is no such generation
    kAbsent,  // it is not at hand
    kPart,    // its first `size` entries are, and there may be more
    kWhole    // its first `size` entries are all that was ever signed
  };
  Extent extent = Extent::kAbsent;
  std::uint64_t size = 0;
  bool lost = false;  // the generation after it began after a loss
};

/// Whether the opposite journal's tree had the stamp's root at the stamp's size.
using HadRoot = std::function<Result<bool>(std::uint64_t size)>;

/// `had_root` is asked for sizes of 1 to `named.size` alone; an error is its.
[[nodiscard]] Result<StampVerdict> judge_stamp(const Stamp& stamp, const NamedGeneration& named,
                                               const HadRoot& had_root);

/// A head of the opposite journal: by naming it, a stamp says that the office receipted it.
struct NamedHead {
  std::uint32_t generation = 0;  // 0: none
  std::uint64_t size = 0;
  auto operator<=>(const NamedHead&) const = default;

  /// Whether entry `index` of that generation lies under it.
  [[nodiscard]] bool covers(std::uint32_t of, std::uint64_t index) const {
    return generation == of && size > index;
  }
};

/// The head in force, as it came to be.
struct HeadRun {
  NamedHead head;
  std::uint64_t first = 0;  // index of the first entry that names it
  NamedHead before;         // what was in force until then
};

/// How a stamp stands to what counted before it. Time and head are told apart: the head of a stamp
/// that lies counts for nothing, and its time is its sender's own word.
enum class StampOrder : std::uint8_t {
  kGoesOn,
  kTimeGoesBack,
  kHeadGoesBack,   // malformed: generation and size do not decrease, and one size has one root
  kHeadsUnjudged,  // it goes back, and who sees one journal alone cannot say which of them lied
};

/// What the time of a stamp does to what is in force.
enum class TimeBound : std::uint8_t {
  kBinds,  // it may not go back, and bounds what follows
  kNone,   // it dates nothing: the newest time stays
  kNotes   // in a trail: it takes the place of the one before, and going back is only told
};

/// The stamp that is in force: the newest time that bounds, and the newest head that counts.
class StampsInForce {
 public:
  StampsInForce() = default;
  StampsInForce(const Stamp& last, const HeadRun& run) : last_(last), run_(run) {}

  /// The stamp of entry `index`. Whatever does not go back moves what is in force; a false stamp
  /// moves the time alone.
  [[nodiscard]] StampOrder take(std::uint64_t index, const Stamp& stamp, StampVerdict verdict,
                                TimeBound bound = TimeBound::kBinds);
  [[nodiscard]] const Stamp& last() const { return last_; }
  [[nodiscard]] const HeadRun& run() const { return run_; }
  /// As the next generation begins, whose entries are counted anew.
  [[nodiscard]] StampsInForce at_next_generation() const {
    return {last_, {run_.head, 0, run_.before}};
  }
  /// How the head in the first stamp of a generation stands to those of the one before, without
  /// taking it.
  [[nodiscard]] StampOrder order_of_heads(const StampsInForce& next) const;

 private:
  [[nodiscard]] StampOrder order_of_head(const Stamp& stamp, bool judged) const;

  Stamp last_;
  HeadRun run_;
  bool judged_ = true;  // the head was compared with the opposite journal
};

}  // namespace blo::journal

#endif
