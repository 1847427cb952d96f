// The counterpart's batches, from their last frame to their receipts; and how much of them is taken
// in a day.
#include "base/limits.h"
#include "office/named_heads.h"
#include "office/peer.h"

namespace blo::office {
namespace {

std::uint64_t bytes_of(const sync::Batch& batch) {
  std::uint64_t bytes = 0;
  for (const auto& item : batch.items) bytes += item.entry.size() + item.body.size();
  return bytes;
}

}  // namespace

/// After a batch was not taken: what was on its way behind it, until that comes again.
bool Peer::drops(const sync::Items& items) {
  if (dropping_ && items.first == again_from_) {
    dropping_ = false;
    receiver_.emplace(again_from_);
  }
  return dropping_;
}

void Peer::on_batch_end(sync::BatchEnd end, Now now) {
  if (unread_.size() + work_.size() + judging_ + judged_.size() >= limits::kBatchesInFlightMax) {
    return fail(Error(sync::SyncError::kOutOfOrder, "a third batch"), sync::CloseReason::kProtocol);
  }
  auto batch = receiver_->take(std::move(end));
  if (!batch) return fail(batch.error(), sync::CloseReason::kProtocol);
  if (hold_back(*batch, now)) return;
  pair_.intake.taken(context_.quota, {batch->items.size(), bytes_of(*batch), 0}, now.steady);
  unread_.push_back(std::move(*batch));
  read_unread(now);
}

/// By the time of its receipt a batch is judged: it is not read before that is of a believed clock.
void Peer::read_unread(Now now) {
  while (!unread_.empty() && state_ == State::kSync) {
    waits_for_clock_ = !context_.clock.believed(now);
    if (waits_for_clock_) return;
    sync::Batch batch = std::move(unread_.front());
    unread_.pop_front();
    read_batch(std::move(batch), now);
  }
}

/// Heads were compared, so what a stamp names of our journal is here, or it never was.
void Peer::read_batch(sync::Batch batch, Now now) {
  // What is judged by the receipt's time, and the receipt, bear one time.
  const auto& head = pair_.received->head;
  receipt_s_ = std::max({to_unix_s(now.wall), receipt_s_, head ? head->receipt.time_s : 0});
  if (work_.empty() && judging_ == 0 && judged_.empty()) reader_->times().stored();
  // What it named before was signed before: of an old store its stamps name more than it holds.
  const auto& before = pair_.received->row.last_stamp;
  const bool newest = before.generation == pair_.sent->row.origin.generation;
  NamedHeads heads(context_.store, pair_,
                   std::max(sent_frontier_.size(), newest ? before.size : 0));
  auto read = IncomingBatch::read(
      *reader_, std::move(batch), receipt_s_,
      [&heads](std::uint64_t, const journal::Stamp& stamp) { return heads.judge(stamp); });
  if (!read) return fail(read.error(), sync::CloseReason::kProtocol);
  work_.push_back(std::move(*read));
}

/// True: it is not taken, and the counterpart has been told for how long.
bool Peer::hold_back(const sync::Batch& batch, Now now) {
  if (pair_.intake.wait(context_.quota, false, now.steady) == milliseconds(0)) return false;
  const bool urgent = std::ranges::any_of(
      batch.items, [](const sync::Item& item) { return does_not_wait(item.entry); });
  const auto wait = pair_.intake.wait(context_.quota, urgent, now.steady);
  if (wait == milliseconds(0)) return false;
  dropping_ = true;
  again_from_ = batch.first;
  const auto wait_s = std::chrono::ceil<seconds>(std::min(wait, limits::kHoldBackMax)).count();
  not_taken_s_ = static_cast<std::uint32_t>(wait_s);
  tell_not_taken();
  if (pair_.intake.holds_back()) return true;
  pair_.intake.set_holds_back(true);
  const std::string& who = pair_.counterpart().text();
  raise(AlarmCode::kHoldsBack,
        who + " has sent as much as a day may have, and its next entries are not taken before " +
            to_rfc3339(now.wall + wait),
        "Call them: something there sends without end. Our own messages, FLASH messages, openings "
        "and outcomes go on. What a day may have stands under [quota] in blod.toml.",
        "", now);
  return true;
}

/// In the place of a receipt: after those for what came before.
void Peer::tell_not_taken() {
  const bool pending = !(unread_.empty() && work_.empty() && judging_ == 0 && judged_.empty());
  if (!not_taken_s_ || pending || state_ != State::kSync) return;
  send(sync::NotTaken{*not_taken_s_});
  not_taken_s_.reset();
}

void Peer::end_holding_back(Now now) {
  if (!pair_.intake.holds_back()) return;
  if (pair_.intake.wait(context_.quota, false, now.steady) != milliseconds(0)) return;
  pair_.intake.set_holds_back(false);
  raise(AlarmCode::kTakenAgain, "The entries of " + pair_.counterpart().text() + " are taken again",
        "Look at what came: blo inbox.", "", now);
}

std::optional<IncomingBatch> Peer::take_work() {
  if (work_.empty() || state_ != State::kSync) return std::nullopt;
  std::optional<IncomingBatch> batch(std::move(work_.front()));
  work_.pop_front();
  ++judging_;
  return batch;
}

void Peer::complete(IncomingBatch judged, Now now, More more) {
  BLO_CHECK(judging_ > 0);
  --judging_;
  if (state_ != State::kSync || !pair_.carries_messages()) return;
  if (judged_.empty()) judged_since_ = now.steady;
  judged_.push_back(std::move(judged));
  if (more == More::kNone || judged_.size() >= limits::kBatchesInFlightMax) settle(now);
}

/// All of them in one transaction; where one does not hold, each in its own, so that those before
/// it are kept.
Result<std::vector<Committed>> Peer::commit_judged(Now now) {
  auto batches = std::exchange(judged_, {});
  auto together = context_.incoming.commit(pair_, batches, now);
  if (together || batches.size() == 1) return together;
  std::vector<Committed> committed;
  for (auto& batch : batches) {
    auto one = context_.incoming.commit(pair_, std::span(&batch, 1), now);
    if (!one) {
      fail(one.error(), sync::CloseReason::kProtocol);
      break;
    }
    committed.push_back(one->front());
  }
  return committed;
}

void Peer::settle(Now now) {
  if (judged_.empty()) return;
  if (state_ != State::kSync || !pair_.carries_messages()) return judged_.clear();
  if (parted_over_clocks(now)) return judged_.clear();
  // At most as many as a sender has on its way without a receipt: they stay here until it is.
  waits_for_clock_ = !context_.clock.believed(now);
  if (waits_for_clock_) return;
  const auto committed = commit_judged(now);
  if (!committed) return fail(committed.error(), sync::CloseReason::kProtocol);
  std::uint64_t refusals = 0;
  for (const auto& one : *committed) refusals += one.refusals;
  pair_.intake.taken(context_.quota, {0, 0, refusals}, now.steady);
  // Our refusals go first: who reads the receipt then knows what it does not cover.
  if (refusals > 0) pump(now);
  for (const auto& one : *committed) {
    if (state_ == State::kSync)  // else the receipt is given with the next heads
      send(sync::Receipt{one.generation, one.end, one.receipt.time_s, one.receipt.signature});
    context_.observer.arrived(pair_, one.first, one.end);
  }
  tell_not_taken();
}

}  // namespace blo::office
