#include "office/peer.h"

#include "base/limits.h"
#include "office/arrived_expired.h"
#include "office/recall.h"
#include "office/receipt_check.h"
#include "sync/frame.h"

namespace blo::office {
namespace {

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};

/// Of a reason that lies with the counterpart; empty for every other.
std::string_view word_for(sync::CloseReason reason) {
  switch (reason) {
    case sync::CloseReason::kProtocol: return "protocol";
    case sync::CloseReason::kIdentity: return "identity";
    case sync::CloseReason::kFrozen: return "frozen";
    case sync::CloseReason::kClock: return "clock";
    default: return {};
  }
}

}  // namespace

Peer::Peer(PeerContext context, Pair& pair, Line& line, const crypto::Hash& secret, Now now)
    : context_(context),
      pair_(pair),
      line_(line),
      rotation_(context.store, context.keys, pair),
      secret_(secret),
      began_(now.steady),
      last_heard_(now.steady) {}

Peer::~Peer() { fall_silent(); }

bool Peer::talk() {
  if (pair_.turns != turns_at_hello_) {
    close(sync::CloseReason::kReplaced);
    return false;
  }
  if (pair_.talks != nullptr) pair_.talks->close(sync::CloseReason::kReplaced);
  pair_.talks = this;
  ++pair_.turns;
  return true;
}

void Peer::fall_silent() {
  if (pair_.talks == this) pair_.talks = nullptr;
}

void Peer::end_session() {
  state_ = State::kClosed;
  fall_silent();
  line_.close();
}

std::optional<milliseconds> Peer::of_use(SteadyTime now) const {
  if (!of_use_since_) return std::nullopt;
  return now - *of_use_since_;
}

void Peer::send(const sync::Frame& frame) { line_.send_frame(sync::encode_frame(frame)); }

void Peer::close(sync::CloseReason reason) {
  if (state_ == State::kClosed) return;
  send(sync::Close{reason});
  if (why_closed_.empty()) why_closed_ = "closed here";
  end_session();
}

void Peer::fail(const Error& error, sync::CloseReason reason) {
  why_closed_ = error.message();
  if (state_ != State::kClosed) turned_away_ = word_for(reason);
  if (store::is_store_failure(error)) store_failure_ = error;
  close(store::is_store_failure(error) ? sync::CloseReason::kDegraded : reason);
}

void Peer::raise(AlarmCode code, const std::string& sentence, const std::string& next_step,
                 const std::string& evidence, Now now) {
  const auto raised =
      context_.alarms.raise({code, pair_.counterpart().text(), sentence, next_step, evidence}, now);
  if (!raised) store_failure_ = raised.error();
}

void Peer::on_frame(ByteView plaintext, Now now) {
  if (state_ == State::kClosed) return;
  if (!judged_.empty() && now.steady - judged_since_ >= limits::kCommitWaitMax) settle(now);
  if (state_ == State::kClosed) return;
  last_heard_ = now.steady;
  pair_.last_contact = now.wall;
  pinged_.reset();
  auto frame = sync::parse_frame(plaintext);
  if (!frame) return fail(frame.error(), sync::CloseReason::kProtocol);
  dispatch(std::move(*frame), now);
}

void Peer::dispatch(sync::Frame frame, Now now) {
  if (recovery_) return on_answer(frame, now);
  const auto out_of_order = [this](const char* what) {
    fail(Error(sync::SyncError::kOutOfOrder, what), sync::CloseReason::kProtocol);
  };
  // Who gives back hears nothing but questions: what was on its way before comes again later.
  const bool deaf = state_ == State::kServing;
  const auto receive = [&](auto&& part) {
    if (deaf) return;
    if (state_ != State::kSync) return out_of_order("data before heads");
    if (const auto taken = receiver_->take(std::move(part)); !taken) {
      fail(taken.error(), sync::CloseReason::kProtocol);
    }
  };
  std::visit(Overloaded{[&](sync::Hello& hello) { on_hello(hello, now); },
                        [&](sync::Heads& heads) { on_heads(heads, now); },
                        [&](sync::Items& items) {
                          if (!drops(items)) receive(std::move(items));
                        },
                        [&](sync::BodyChunk& chunk) {
                          if (!dropping_) receive(std::move(chunk));
                        },
                        [&](sync::BatchEnd& end) {
                          if (deaf) return;
                          if (state_ != State::kSync) return out_of_order("data before heads");
                          if (!dropping_) on_batch_end(std::move(end), now);
                        },
                        [&](sync::NotTaken& held) {
                          if (deaf) return;
                          if (state_ != State::kSync) return out_of_order("a wait before heads");
                          on_not_taken(held, now);
                        },
                        [&](sync::Receipt& receipt) {
                          if (deaf) return;
                          if (state_ != State::kSync) return out_of_order("a receipt before heads");
                          on_receipt(receipt, now);
                        },
                        [&](sync::Ping& ping) { hear_ping(ping, now); }, [](sync::Pong&) {},
                        [&](sync::Rekey&) { line_.rekey_receiving(); },
                        [&](sync::SecretOffer& offer) {
                          if (deaf) return;
                          if (state_ != State::kSync) return out_of_order("a secret's offer");
                          on_secret_offer(offer, now);
                        },
                        [&](sync::SecretAnswer& answer) {
                          if (deaf) return;
                          if (state_ != State::kSync) return out_of_order("a secret's answer");
                          on_secret_answer(answer);
                        },
                        [&](sync::Recall& recall) { on_recall(recall, now); },
                        [&](sync::RecallBegin&) { out_of_order("a recall's answer"); },
                        [&](sync::RecallEnd&) { out_of_order("a recall's answer"); },
                        [&](sync::Close& end) { hear_close(end); }},
             frame);
}

void Peer::hear_ping(const sync::Ping& ping, Now now) {
  if (pings_.take(now.steady)) send(sync::Pong{ping.token});
}

void Peer::hear_close(const sync::Close& end) {
  why_closed_ = std::string(sync::to_string(end.reason));
  end_session();
}

void Peer::offer_secret_if_due(Now now) {
  if (state_ != State::kSync || !pair_.carries_messages()) return;
  if (!rotation_.offers() || !context_.clock.believed(now) || !rotation_.due(now.wall)) return;
  // One that came too soon for the other side stays without an answer, and another follows.
  if (offered_ && now.steady - *offered_ < limits::kSecretOfferEvery) return;
  if (!pair_.offers_made.take(now.steady)) return;
  offered_ = now.steady;
  send(rotation_.offer());
}

void Peer::on_secret_offer(const sync::SecretOffer& offer, Now now) {
  if (!pair_.carries_messages()) return;  // frozen since
  if (!rotation_.offers() && !pair_.offers_taken.take(now.steady)) return;
  const auto answer = rotation_.answer(offer);
  if (!answer) return fail(answer.error(), sync::CloseReason::kProtocol);
  send(*answer);
}

void Peer::on_secret_answer(const sync::SecretAnswer& answer) {
  if (!pair_.carries_messages()) return;
  const auto agreed = rotation_.take_answer(answer);
  if (!agreed) return fail(agreed.error(), sync::CloseReason::kProtocol);
  offered_.reset();
  // The session that follows shows that both sides hold the new secret.
  if (*agreed) close(sync::CloseReason::kRenewed);
}

void Peer::pump(Now now) {
  if (state_ == State::kSync && parted_over_clocks(now)) return;
  while (state_ == State::kSync && pair_.carries_messages() &&
         sender_->next() < pair_.sent->row.size()) {
    const auto allowance = sender_->allowance();
    if (!allowance) return;
    const auto to = end_of_batch(*allowance, now);
    if (!to) return fail(to.error(), sync::CloseReason::kDegraded);
    if (!*to) return;  // what is left waits
    if (line_.rekey_due(now.steady)) {
      send(sync::Rekey());
      line_.rekey_sending();
    }
    if (!send_batch(*allowance, **to, now)) return;
  }
}

bool Peer::send_batch(const sync::Sender::Allowance& allowance, std::uint64_t to, Now now) {
  auto& sent = *pair_.sent;
  const bool held = pair_.held && now.steady < pair_.held->until;
  const std::size_t bytes_max = held ? limits::kBatchBytesMax / 2 : allowance.bytes_max;
  auto items = read_items(context_.store, sent.row, allowance.first, to, bytes_max);
  if (!items) {
    fail(items.error(), sync::CloseReason::kDegraded);
    return false;
  }
  // Without what does not wait at its end it would not be taken.
  if (held && items->size() < to - allowance.first) return false;
  std::size_t bytes = 0;
  journal::Frontier frontier = sent_frontier_;
  for (const auto& item : *items) {
    bytes += item_bytes(item);
    frontier.append(journal::leaf_hash(item.entry));
  }
  // read_items() has compared each entry with what was accepted; this is all of them together.
  if (frontier.size() == sent.row.size() && frontier.root() != sent.row.frontier.root()) {
    fail(Error(store::StoreError::kCorrupt, sent.row.origin.text()), sync::CloseReason::kDegraded);
    return false;
  }
  if (const auto noted = note_signing(frontier.size(), now.wall); !noted) {
    fail(noted.error(), sync::CloseReason::kDegraded);
    return false;
  }
  // The entries are durable: now the head that covers them may be signed, and leaves after them.
  auto head =
      journal::sign_checkpoint({sent.row.origin, frontier.size(), frontier.root()}, *sent.key);
  for (const auto& frame : sync::pack_batch(allowance.first, std::move(*items), head.note.encode()))
    send(frame);
  sender_->sent(frontier.size(), bytes, now.steady);
  sent_frontier_ = frontier;
  in_flight_.push_back({std::move(head), std::move(frontier), held});
  return true;
}

/// Durable before the checkpoint leaves: a receipt for it is not much older.
Result<void> Peer::note_signing(std::uint64_t size, WallTime now) {
  const store::JournalRow& row = pair_.sent->row;
  const auto first = context_.store.signings().first(row, size);
  if (!first) return first.error();
  if (*first && **first <= now) return {};
  auto transaction = context_.store.begin();
  if (!transaction) return transaction.error();
  if (const auto noted = context_.store.signings().note(row, size, now); !noted) return noted;
  return transaction->commit();
}

Result<void> Peer::keep_receipt(ReceiptedHead head, Now now) {
  // Another session of the pair may have brought it, or a newer one, already.
  if (pair_.sent->head && head.checkpoint.size <= pair_.sent->head->checkpoint.size) return {};
  auto transaction = context_.store.begin();
  if (!transaction) return transaction.error();
  const auto kept = context_.store.waits().enter(now);
  if (!kept) return kept.error();
  store::JournalRow row = pair_.sent->row;
  const auto put =
      context_.store.journals().put_head(row, {head.checkpoint.size, head.note, head.frontier,
                                               head.receipt.time_s, head.receipt.signature, *kept});
  if (!put) return put;
  const auto told = tell_of_expired(context_.store, context_.alarms, pair_, head, now);
  if (!told) return told;
  if (const auto done = transaction->commit(); !done) return done;
  pair_.sent->row = std::move(row);
  // What was entered by a clock that was ahead is not the newest for all that time.
  pair_.sent->trail_head = std::min(pair_.sent->trail_head, pair_.sent->row.last_stamp.time);
  pair_.sent->head = std::move(head);
  context_.observer.receipted(pair_, *pair_.sent->head);
  return {};
}

/// What it was for stays queued.
void Peer::refuse_receipt(const Error& error, Now now) {
  if (error == OfficeError::kClockNotBelieved) return fail(error, sync::CloseReason::kClock);
  const std::string& who = pair_.counterpart().text();
  raise(AlarmCode::kBadReceipt, "A receipt by " + who + " is not kept: " + error.message(),
        "Call " + who +
            ": its clock or its program is at fault, or somebody acts in its name. What it was "
            "for stays queued and is sent again.",
        "", now);
  fail(error, sync::CloseReason::kProtocol);
}

void Peer::on_receipt(const sync::Receipt& receipt, Now now) {
  if (receipt.generation != pair_.sent->row.origin.generation) {
    return fail(Error(sync::SyncError::kOutOfOrder, "a receipt of another generation"),
                sync::CloseReason::kProtocol);
  }
  if (const auto expected = sender_->receipted(receipt.size, now.steady); !expected) {
    return fail(expected.error(), sync::CloseReason::kProtocol);
  }
  InFlight batch = std::move(in_flight_.front());
  in_flight_.pop_front();
  const journal::Cosignature cosignature{receipt.time_s.unjudged(), receipt.signature};
  const auto fine =
      check_receipt(context_.store, pair_, pair_.sent->row, batch.head.checkpoint.size,
                    batch.head.note.text, cosignature, context_.clock, now);
  if (!fine) return refuse_receipt(fine.error(), now);
  receipted_frontier_ = batch.frontier;
  const auto kept = keep_receipt(
      {batch.head.checkpoint, batch.head.note.encode(), std::move(batch.frontier), cosignature},
      now);
  if (!kept) return fail(kept.error(), sync::CloseReason::kDegraded);
  context_.clock.keep_receipt(cosignature, now);
  if (!batch.held) end_held_back(now);
  pump(now);
}

void Peer::ping(Now now) {
  if (state_ == State::kClosed || pinged_) return;
  pinged_ = now.steady;
  send(sync::Ping{++tokens_});
}

void Peer::tick(Now now) {
  read_unread(now);
  settle(now);
  if (state_ == State::kClosed) return;
  tell_difference(now);
  if (heard_hello_ && !note_beside(now)) return;
  end_holding_back(now);
  // One that waits in standby is decided on within seconds, and whoever chooses says Hello.
  const bool says_hello_late =
      state_ == State::kStandby && now.steady - began_ >= limits::kHandshakeTimeMax;
  const bool says_more_late = (state_ == State::kHello || state_ == State::kHeads) &&
                              now.steady - activated_ >= limits::kHandshakeTimeMax;
  if (says_hello_late || says_more_late) {
    why_closed_ = "the counterpart did not say who it is and what it holds";
    return close(sync::CloseReason::kProtocol);
  }
  const auto silence = now.steady - last_heard_;
  if (silence >= limits::kDeadAfter) {
    why_closed_ = "the counterpart has been silent for " +
                  std::to_string(std::chrono::duration_cast<seconds>(silence).count()) + " s";
    return close(sync::CloseReason::kUnspecified);
  }
  if (now.steady - began_ >= limits::kSessionTimeMax) return close(sync::CloseReason::kAged);
  if (silence >= limits::kPingAfter) ping(now);
  if (state_ == State::kServing && now.steady - recalled_ >= limits::kDeadAfter) {
    why_closed_ = "the counterpart lost entries and does not ask for them";
    return close(sync::CloseReason::kProtocol);
  }
  if (state_ == State::kSync && line_.rekey_due(now.steady)) {
    send(sync::Rekey());
    line_.rekey_sending();
  }
  offer_secret_if_due(now);
  take_announced(now);
}

}  // namespace blo::office
