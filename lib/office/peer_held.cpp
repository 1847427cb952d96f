// While the counterpart takes no more of our entries: what goes on its way all the same, and when
// the rest is tried again.
#include "base/limits.h"
#include "office/peer.h"

namespace blo::office {

void Peer::on_not_taken(const sync::NotTaken& frame, Now now) {
  if (const auto dropped = sender_->not_taken(); !dropped)
    return fail(dropped.error(), sync::CloseReason::kProtocol);
  const bool urgent = in_flight_.front().held;
  in_flight_.clear();
  sent_frontier_ = receipted_frontier_;
  searched_ = urgent_end_ = sender_->next();
  const auto wait = seconds(frame.wait_s);
  if (urgent && pair_.held) {  // what does not wait has an end, too
    pair_.held->urgent_from = now.steady + wait;
    return;
  }
  const bool first = !pair_.held;
  pair_.held = HeldBack{now.steady + wait, now.steady, now.wall + wait};
  const std::string& who = pair_.counterpart().text();
  if (first) {
    raise(AlarmCode::kHeldBack,
          who +
              " has taken as much of ours as it takes in a day, and the next entries wait until " +
              to_rfc3339(pair_.held->until_wall),
          "Nothing is lost, and FLASH messages, openings and outcomes go on. Call them where the "
          "rest cannot wait, and find out what sent so much.",
          "", now);
  }
  pump(now);
}

void Peer::end_held_back(Now now) {
  if (!pair_.held || now.steady < pair_.held->until) return;
  pair_.held.reset();
  raise(AlarmCode::kTakenAgain, pair_.counterpart().text() + " takes our entries again",
        "Nothing is to be done.", "", now);
}

/// Where the next batch ends; none: nothing of what is left may go now.
Result<std::optional<std::uint64_t>> Peer::end_of_batch(const sync::Sender::Allowance& allowance,
                                                        Now now) {
  const auto& row = pair_.sent->row;
  const std::uint64_t end = std::min(row.size(), allowance.first + allowance.entries_max);
  if (!pair_.held || now.steady >= pair_.held->until) return std::optional(end);
  if (now.steady < pair_.held->urgent_from) return std::optional<std::uint64_t>();
  searched_ = std::max(searched_, allowance.first);
  const auto read = context_.store.journals().entries(row, searched_, end,
                                                      [this](const store::StoredEntry& entry) {
                                                        if (does_not_wait(entry.leaf))
                                                          urgent_end_ = entry.index + 1;
                                                        return true;
                                                      });
  if (!read) return read.error();
  searched_ = end;
  return urgent_end_ > allowance.first ? std::optional(urgent_end_)
                                       : std::optional<std::uint64_t>();
}

}  // namespace blo::office
