#include "journal/across/stamps.h"

namespace blo::journal {

Result<StampVerdict> judge_stamp(const Stamp& stamp, const NamedGeneration& named,
                                 const HadRoot& had_root) {
  using Extent = NamedGeneration::Extent;
  if (stamp.generation == 0) return StampVerdict::kHolds;
  if (named.extent == Extent::kNone) return StampVerdict::kFalse;
  if (named.extent == Extent::kAbsent) return StampVerdict::kUnjudged;
  if (stamp.size > named.size) {
    if (named.lost) return StampVerdict::kLost;
    return named.extent == Extent::kWhole ? StampVerdict::kFalse : StampVerdict::kUnjudged;
  }
  const auto had = had_root(stamp.size);
  if (!had) return had.error();
  return *had ? StampVerdict::kHolds : StampVerdict::kFalse;
}

StampOrder StampsInForce::take(std::uint64_t index, const Stamp& stamp, StampVerdict verdict,
                               TimeBound bound) {
  const bool back = bound != TimeBound::kNone && stamp.time < last_.time;
  if (back && bound == TimeBound::kBinds) return StampOrder::kTimeGoesBack;
  if (bound != TimeBound::kNone) last_.time = stamp.time;
  if (verdict == StampVerdict::kFalse) return StampOrder::kGoesOn;
  const bool judged = verdict != StampVerdict::kUnjudged;
  const StampOrder order = order_of_head(stamp, judged);
  if (order == StampOrder::kHeadGoesBack) return order;
  const NamedHead head{stamp.generation, stamp.size};
  if (head != run_.head || stamp.root != last_.root) run_ = {head, index, run_.head};
  const WallTime newest = last_.time;
  last_ = stamp;
  last_.time = newest;
  last_.unsure = false;
  judged_ = judged;
  return back ? StampOrder::kTimeGoesBack : order;
}

StampOrder StampsInForce::order_of_heads(const StampsInForce& next) const {
  return order_of_head(next.last_, next.judged_);
}

StampOrder StampsInForce::order_of_head(const Stamp& stamp, bool judged) const {
  Stamp at_that_time = stamp;
  at_that_time.time = last_.time;
  if (at_that_time.follows(last_)) return StampOrder::kGoesOn;
  return judged && judged_ ? StampOrder::kHeadGoesBack : StampOrder::kHeadsUnjudged;
}

}  // namespace blo::journal
