#include "office/known_time.h"

namespace blo::office {

WallTime newest_date_kept(const Office& office) {
  WallTime newest{};
  const auto take = [&newest](WallTime time) { newest = std::max(newest, time); };
  if (const auto& trail = office.trail().journal()) take(trail->row.last_stamp.time);
  for (const auto& pair : office.pairs()) {
    if (pair->sent) {
      take(pair->sent->row.last_stamp.time);
      if (pair->sent->head) take(from_unix_s(pair->sent->head->receipt.time_s));
    }
    if (pair->received && pair->received->head)
      take(from_unix_s(pair->received->head->receipt.time_s));
  }
  return newest;
}

journal::AskedAt asked_now(Office& office, Now now) {
  journal::AskedAt at(office.trail().judged_at(now));
  at.may_be(newest_date_kept(office));
  if (!office.clock().believed(now)) at.may_be(now.wall);
  return at;
}

}  // namespace blo::office
