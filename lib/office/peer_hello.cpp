// How a session begins: each side says who it is, before anything is said of journals.
#include "base/limits.h"
#include "office/peer.h"

namespace blo::office {
namespace {

constexpr std::uint32_t kMinor = 0;
constexpr std::uint64_t kTimeMsMax = 253'402'300'799'999;  // the end of the year 9999

}  // namespace

void Peer::activate(Now now) {
  if (state_ != State::kStandby) return;
  state_ = State::kHello;
  activated_ = now.steady;
  turns_at_hello_ = pair_.turns;
  send(sync::Hello{kMinor, pair_.ours.office.bytes(), pair_.sent->row.certificate,
                   to_unix_ms(now.wall), context_.start_number});
  if (held_) on_hello(*std::exchange(held_, std::nullopt), now);
}

/// A home that was copied runs twice: its two daemons take each other's sessions away, and each
/// signs what the other does not know.
void Peer::note_start(const sync::Hello& hello, Now now) {
  runs_twice_ = pair_.starts.comes_back(hello.start, began_);
  if (!runs_twice_) return;
  const std::string& who = pair_.counterpart().text();
  raise(AlarmCode::kRunsTwice, "Two daemons run under the keys of " + who + " and take turns here",
        "Call its security officer on a known number: a copy of its home runs somewhere. One of "
        "the two must be stopped before they sign two histories.",
        "", now);
}

/// The counterpart has met two daemons under our own keys.
void Peer::note_runs_twice(Now now) {
  const auto raised = context_.alarms.raise(
      {AlarmCode::kRunsTwice, context_.keys.id.text(),
       "Two daemons run under the keys of this office and take turns at " +
           pair_.counterpart().text(),
       "A copy of this home runs somewhere: find it and stop it before the two sign two histories, "
       "and find out who made it.",
       ""},
      now);
  if (!raised) store_failure_ = raised.error();
}

/// The counterpart has confirmed the digits, too: both use the secret.
Result<void> Peer::note_tried() {
  auto transaction = context_.store.begin();
  if (!transaction) return transaction.error();
  store::PairingRow row = pair_.row;
  if (const auto done = context_.store.pairings().set_untried(row, false); !done) return done;
  if (const auto done = transaction->commit(); !done) return done;
  pair_.row = std::move(row);
  return {};
}

/// Kept ahead of the clock: what is given meanwhile may be lost, and this with it. Else the session
/// has ended; a disk that is full or takes no writes ends none.
bool Peer::note_beside(Now now) {
  const auto& noted = pair_.row.beside;
  if (noted && now.wall + limits::kClockMarkEvery <= *noted) return true;
  if (apart(now) > limits::kClockSkewMax || !context_.clock.believed(now)) return true;
  const auto note = [&]() -> Result<void> {
    auto transaction = context_.store.begin();
    if (!transaction) return transaction.error();
    store::PairingRow row = pair_.row;
    const WallTime until = now.wall + 2 * limits::kClockMarkEvery;
    if (const auto done = context_.store.pairings().set_beside(row, until); !done) return done;
    if (const auto done = transaction->commit(); !done) return done;
    pair_.row = std::move(row);
    return {};
  };
  const auto done = note();
  if (done || store::reads_go_on(done.error())) return true;
  fail(done.error(), sync::CloseReason::kDegraded);
  return false;
}

void Peer::on_hello(const sync::Hello& hello, Now now) {
  if (state_ == State::kStandby) {
    if (holds_ && !held_) {
      held_ = hello;
      return;
    }
    if (!holds_) activate(now);
  }
  if (state_ != State::kHello)
    return fail(sync::SyncError::kOutOfOrder, sync::CloseReason::kProtocol);
  heard_hello_ = true;
  if (!check_identity(hello, now)) return;
  note_start(hello, now);
  const auto their_time = hello.time_ms.at_most(kTimeMsMax);
  if (!their_time) {
    part_over_clocks("out of range", now);
    return;
  }
  hello_ = {from_unix_ms(*their_time), now.steady};
  context_.store.waits().compare(hello_.wall, now);
  if (parted_over_clocks(now)) return;
  // By a clock that is not believed nothing is judged; by what is heard it may be.
  if (!check_validity(now)) return;
  context_.clock.hear(pair_.counterpart(), hello_.wall, now);
  if (!check_validity(now)) return;
  tell_difference(now);
  if (!note_beside(now)) return;
  if (pair_.row.untried) {
    if (const auto noted = note_tried(); !noted)
      return fail(noted.error(), sync::CloseReason::kDegraded);
  }
  if (!talk()) return;
  state_ = State::kHeads;
  send_heads();
}

/// What the counterpart's Hello said, gone on since; ours may have been set anew.
WallTime Peer::their_time(Now now) const { return hello_.wall + (now.steady - hello_.steady); }

milliseconds Peer::apart(Now now) const { return std::chrono::abs(their_time(now) - now.wall); }

/// True: the session has ended.
bool Peer::parted_over_clocks(Now now) {
  if (apart(now) <= limits::kClockSkewMax) return false;
  part_over_clocks(to_rfc3339(their_time(now)), now);
  return true;
}

/// Else the session has ended.
bool Peer::check_validity(Now now) {
  const auto& theirs = *pair_.theirs;
  const auto valid =
      identity::check_office(theirs.authority, theirs.office, context_.clock.judging_time(now));
  if (valid) return true;
  fail(valid.error().within(pair_.counterpart().text()), sync::CloseReason::kIdentity);
  return false;
}

/// Two clocks that keep time are not so far apart: one of the two is not set, or drifts.
void Peer::tell_difference(Now now) {
  if (state_ == State::kClosed || !heard_hello_) return;
  const milliseconds difference = apart(now);
  const std::string& who = pair_.counterpart().text();
  if (difference <= limits::kClockStepMax) {
    if (told_ && *told_ == milliseconds(0)) return;
    const auto over = context_.alarms.shrunk(AlarmCode::kClockDiffers, who);
    if (over) told_ = milliseconds(0);
    if (!over) store_failure_ = over.error();
    return;
  }
  if (told_ && difference < *told_ + limits::kClockStepMax) return;
  const auto in_seconds = [](milliseconds time) {
    return static_cast<std::uint64_t>(time / seconds(1));
  };
  Alarm alarm{AlarmCode::kClockDiffers, who,
              "The clocks of the two offices differ by more than " +
                  std::to_string(difference / std::chrono::minutes(1)) + " minutes: here it is " +
                  to_rfc3339(now.wall) + ", at " + who + " " + to_rfc3339(their_time(now)),
              "Compare this machine's clock with a watch (timedatectl), and ask the counterpart to "
              "do the same: what each enters is dated by its own.",
              ""};
  alarm.measure = {in_seconds(difference), in_seconds(limits::kClockStepMax)};
  const auto raised = context_.alarms.raise(alarm, now);
  if (raised) told_ = difference;
  if (!raised) store_failure_ = raised.error();
}

/// Nothing is signed under a clock that may be wrong; what is accepted waits.
void Peer::part_over_clocks(const std::string& theirs_now, Now now) {
  raise(AlarmCode::kClockSkew,
        "The clocks of the two offices differ by more than a day: here it is " +
            to_rfc3339(now.wall) + ", at " + pair_.counterpart().text() + " " + theirs_now,
        "Check this machine's clock (timedatectl) and ask the counterpart to check theirs; "
        "nothing is signed until they agree.",
        "", now);
  fail(Error(OfficeError::kClockSkew, pair_.counterpart().text()), sync::CloseReason::kClock);
}

/// The office paired with, and its journal's newest generation here or the one after. Else the
/// session has ended.
bool Peer::check_identity(const sync::Hello& hello, Now now) {
  const std::string& who = pair_.counterpart().text();
  const bool same_office = hello.office_certificate == pair_.theirs->office.bytes();
  announced_ = hello.journal_certificate;
  if (same_office && announced_ == pair_.received->row.certificate) return true;
  if (same_office) next_ = next_generation(pair_, announced_);
  if (next_) return true;
  rewound_ = same_office && is_earlier_generation(pair_, announced_);
  // Whether this office missed one, and lost what it held of it, their heads must prove.
  if (rewound_ || (same_office && is_far_generation(pair_, announced_))) return true;
  raise(AlarmCode::kKeyChanged, who + " shows another certificate than the one paired with",
        "Call its security officer on a known number. Nothing is exchanged until the certificate "
        "is the one that was compared.",
        "", now);
  fail(Error(identity::IdentityError::kUntrusted, "a certificate other than the one paired with"),
       sync::CloseReason::kIdentity);
  return false;
}

}  // namespace blo::office
