// How much one counterpart may have us store in a day, by our steady clock.
#ifndef BLO_OFFICE_QUOTA_H
#define BLO_OFFICE_QUOTA_H

#include <deque>
#include <optional>

#include "base/bytes.h"
#include "base/clock.h"

namespace blo::office {

/// Of one day: any 24 hours.
struct QuotaLimits {
  std::uint64_t entries;
  std::uint64_t bytes;
  std::uint64_t refusals;
};
/// A list of a million entries fits, at 8 KiB each; who sends so much that does not hold has a
/// fault to look for before it sends more.
inline constexpr QuotaLimits kQuotaOfADay{2'000'000, 8ULL << 30U, 10'000};
/// Beside it, for batches with something that does not wait (does_not_wait()).
inline constexpr QuotaLimits kReserveOfADay{10'000, 64ULL << 20U, 100};
/// One batch always fits.
inline constexpr QuotaLimits kQuotaMin{1'024, 4ULL << 20U, 1};

/// A sum over the last 24 hours, to the hour.
class DayCount {
 public:
  void add(std::uint64_t count, SteadyTime now);
  /// How long until less than `limit` is counted; 0 where it is now.
  [[nodiscard]] milliseconds until_below(std::uint64_t limit, SteadyTime now) const;

 private:
  struct Hour {
    std::int64_t number;
    std::uint64_t count;
  };
  std::deque<Hour> hours_;  // oldest first
};

/// What a counterpart's batches came to.
struct Load {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
  std::uint64_t refusals = 0;
};

class Quota {
 public:
  /// 0: a batch is taken now. One may go beyond the limits; the next is not taken then.
  [[nodiscard]] milliseconds wait(const QuotaLimits& limits, SteadyTime now) const;
  void add(const Load& load, SteadyTime now);

 private:
  DayCount entries_;
  DayCount bytes_;
  DayCount refusals_;
};

/// What both quotas of a counterpart say of its next batch, and what is told of it.
class Intake {
 public:
  /// How long the batch must wait; 0: it is taken. A batch with something that does not wait is
  /// taken from the reserve where the quota is used up.
  [[nodiscard]] milliseconds wait(const QuotaLimits& limits, bool urgent, SteadyTime now) const;
  void taken(const QuotaLimits& limits, const Load& load, SteadyTime now);

  /// From the first batch that was not taken until there is room again.
  [[nodiscard]] bool holds_back() const { return holds_back_; }
  void set_holds_back(bool holds) { holds_back_ = holds; }

 private:
  Quota quota_;
  Quota reserve_;
  bool holds_back_ = false;
};

/// Whether an entry goes on its way while the rest is held back: a FLASH, an opened, an acted, and
/// every record (revocations, erasures, refusals). `leaf`: its bytes.
[[nodiscard]] bool does_not_wait(ByteView leaf);

}  // namespace blo::office

#endif
