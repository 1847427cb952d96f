// A session in which one of the two offices is given back what it lost.
#include "office/peer.h"
#include "office/recall.h"

namespace blo::office {

/// Frozen first, so that nothing is signed whatever happens to this session.
void Peer::recover(const sync::Heads& heads, const Error& behind, Now now) {
  const std::string& who = pair_.counterpart().text();
  if (pair_.row.recovery != store::Recovery::kRecovering) {
    const Alarm alarm{
        AlarmCode::kBehind, who,
        "This store is older than what was sent from it: " + behind.message(),
        "What is missing is given back by " + who +
            ". Find out why an old store was put back, and whether another copy of it "
            "runs somewhere; then an administrator lets the pairing go on: "
            "blo office recover " +
            who,
        heads.mine.checkpoint + "%%\n" + heads.yours.checkpoint};
    const auto done = freeze_with(alarm, behind.message(), store::Recovery::kRecovering, now);
    if (!done) return fail(done.error(), sync::CloseReason::kDegraded);
  }
  state_ = State::kRecovering;
  recovery_.emplace(context_.store, context_.keys, context_.officers, context_.incoming,
                    context_.clock, pair_, heads);
  if (const auto stranded = recovery_->strand_unreceipted(); !stranded)
    return fail(stranded.error(), sync::CloseReason::kDegraded);
  ask_next(now);
}

void Peer::ask_next(Now now) {
  if (const auto question = recovery_->question()) return send(*question);
  if (!recovery_->complete()) {
    return fail(Error(OfficeError::kNotRecovered, pair_.counterpart().text()),
                sync::CloseReason::kProtocol);
  }
  auto transaction = context_.store.begin();
  if (!transaction) return fail(transaction.error(), sync::CloseReason::kDegraded);
  store::PairingRow row = pair_.row;
  const auto set = context_.store.pairings().set_recovery(row, store::Recovery::kRecovered);
  if (!set) return fail(set.error(), sync::CloseReason::kDegraded);
  if (const auto done = transaction->commit(); !done)
    return fail(done.error(), sync::CloseReason::kDegraded);
  pair_.row = std::move(row);
  pair_.last_contact = now.wall;
  why_closed_ = "what was lost is here again";
  close(sync::CloseReason::kRecovered);
}

/// While this office recovers, whatever is not an answer was on its way before the question.
void Peer::on_answer(sync::Frame& frame, Now now) {
  const auto check = [&](const Result<void>& taken) {
    const bool receipt = !taken && (taken.error() == OfficeError::kBadReceipt ||
                                    taken.error() == OfficeError::kClockNotBelieved);
    if (receipt) {
      refuse_receipt(taken.error(), now);
    } else if (!taken) {
      fail(taken.error(), sync::CloseReason::kProtocol);
    }
    return taken.has_value();
  };
  if (auto* begin = std::get_if<sync::RecallBegin>(&frame)) {
    static_cast<void>(check(recovery_->take(*begin)));
  } else if (auto* items = std::get_if<sync::Items>(&frame)) {
    if (recovery_->answered()) static_cast<void>(check(recovery_->take(std::move(*items))));
  } else if (auto* chunk = std::get_if<sync::BodyChunk>(&frame)) {
    if (recovery_->answered()) static_cast<void>(check(recovery_->take(std::move(*chunk))));
  } else if (auto* end = std::get_if<sync::RecallEnd>(&frame)) {
    if (!check(recovery_->take(*end, now))) return;
    if (!end->checkpoint.empty() && !of_use_since_) of_use_since_ = now.steady;
    ask_next(now);
  } else if (auto* recall = std::get_if<sync::Recall>(&frame)) {
    on_recall(*recall, now);
  } else if (auto* ping = std::get_if<sync::Ping>(&frame)) {
    hear_ping(*ping, now);
  } else if (std::holds_alternative<sync::Rekey>(frame)) {
    line_.rekey_receiving();
  } else if (auto* end_of_session = std::get_if<sync::Close>(&frame)) {
    hear_close(*end_of_session);
  }
}

/// Both may have lost something: who recovers answers, too.
void Peer::on_recall(const sync::Recall& recall, Now now) {
  if (state_ == State::kSync) {
    state_ = State::kServing;
    work_.clear();
    judged_.clear();
  }
  if (state_ != State::kServing && state_ != State::kRecovering)
    return fail(Error(sync::SyncError::kOutOfOrder, "a recall"), sync::CloseReason::kProtocol);
  // Who has the whole of an answer asks the next question, and nobody else does.
  if (answered_ && line_.queued_bytes() > limits::kUnsentAnswerBytesMax)
    return fail(Error(sync::SyncError::kOutOfOrder, "a recall before the last one's answer"),
                sync::CloseReason::kProtocol);
  answered_ = true;
  recalled_ = now.steady;
  if (line_.rekey_due(now.steady)) {
    send(sync::Rekey());
    line_.rekey_sending();
  }
  const auto frames = give_back(context_.store, context_.keys, pair_, recall);
  if (!frames) return fail(frames.error(), sync::CloseReason::kDegraded);
  for (const auto& frame : *frames) send(frame);
  const auto* end = std::get_if<sync::RecallEnd>(&frames->back());
  if (end != nullptr && !end->checkpoint.empty() && !of_use_since_) of_use_since_ = now.steady;
}

}  // namespace blo::office
