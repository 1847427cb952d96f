// A session with a counterpart that holds its own keys and lies: a byte for what the two offices
// have behind them, a byte of circumstances, then a script of steps. The counterpart is a real
// office; each of its frames waits until the script has it taken as it is, changed, twice or not at
// all.
#include "base/wire.h"
#include "blo/v1/sync.pb.h"
#include "crypto/secret.h"
#include "office/policies.h"
#include "peer_world.h"
#include "sim/lies.h"
#include "target.h"

namespace blo::fuzz {
namespace {

constexpr std::size_t kStepsMax = 300;
constexpr std::size_t kSeenMax = 64;

/// What the counterpart's frames go through, and what else happens. Numbers, as in seeds.py.
enum Step : unsigned {
  kRaw = 0,         // length(2) bytes: a frame of any bytes
  kNext = 1,        // the counterpart's next frame, as it is
  kDrop = 2,        // it never comes
  kTwice = 3,       // it comes twice
  kChange = 4,      // place(2) mask(1): a byte of it is changed
  kLie = 5,         // number(2): one of its fields has a wrong value
  kReplay = 6,      // number(1): one that was sent before
  kAll = 7,         // whatever waits, until nothing does
  kPause = 8,       // number(1): time passes
  kSession = 9,     // the line breaks, and another session begins
  kSecond = 10,     // another session begins beside the one that is there
  kOlder = 11,      // number(1): the older of the two hears one that was sent before
  kLazy = 12,       // from now on batches wait to be judged, or not any more
  kJudge = 13,      // those that wait are judged
  kSetClock = 14,   // hours + 128(1): somebody sets this machine's clock
  kAudit = 15,      // our export and trail are audited
  kLeaf = 16,       // length(2) bytes: enters the counterpart's journal, as the next three do
  kRecord = 17,     // length(2) bytes
  kRecordLie = 18,  // kind(1) lie(2)
  kMessage = 19,    // kind(1) lie(2) length(2) content
  // What an office's own people or its machine do: the counterpart's with kTheirs added.
  kSay = 32,
  kSayFlash = 33,
  kSayMuch = 34,
  kSayContent = 35,  // length(2) content
  kRotate = 36,
  kRenew = 37,
  kRecover = 38,
  kRestart = 39,
  kPutBack = 40,  // over an older store
  kFreeze = 41,
  kPolicy = 42,
  kRevoke = 43,
  kForget = 44,
  kAct = 45,
  kDateTrail = 46,
  kErase = 47,
  kHold = 48,
  kTheirs = 0x80
};

/// How far the clocks go at once.
constexpr milliseconds kPauses[] = {
    seconds(1),           seconds(31),           seconds(95),
    seconds(600),         std::chrono::hours(2), std::chrono::hours(25),
    std::chrono::days(31)};

class PeerScript {
 public:
  PeerScript(unsigned state, unsigned circumstances);
  void run(ByteView script);

 private:
  /// False: the script is over.
  [[nodiscard]] bool step(ByteView& script);
  [[nodiscard]] bool step_of_office(Side& side, unsigned number, ByteView& script);
  void begin_session();
  void hear(ByteView frame);
  /// The counterpart is honest, and takes whatever this side sends at once.
  void answer();
  [[nodiscard]] std::optional<Bytes> next_frame();
  void take_all();
  void pass(milliseconds time);
  void tell_lie(std::uint64_t which);
  void hang_up();
  void replay(std::size_t which, Side& to);

  bool we_are_tj_;
  Side ours_;
  Side theirs_;
  unsigned circumstances_;
  bool put_back_ = false;
  bool lazy_ = false;              // what arrives whole waits to be judged
  std::unique_ptr<End> replaced_;  // a session before the newest, which may still speak
  std::deque<Bytes> seen_;         // frames of the counterpart, as they were sent
};

PeerScript::PeerScript(unsigned state, unsigned circumstances)
    : we_are_tj_((circumstances & 1U) != 0),
      ours_(kit_of(we_are_tj_), image_of(state, Party::kOurs, we_are_tj_), start_of(state)),
      theirs_(kit_of(!we_are_tj_), image_of(state, Party::kTheirs, !we_are_tj_), start_of(state)),
      circumstances_(circumstances) {
  if (recovers(state, Party::kOurs)) begin_recovery(ours_);
  if (recovers(state, Party::kTheirs)) begin_recovery(theirs_);
  if ((circumstances & 2U) != 0) ours_.office->set_quota({12, 1U << 20U, 4});
  if ((circumstances & 4U) != 0) theirs_.office->set_quota({12, 1U << 20U, 4});
  if ((circumstances & 8U) != 0) {
    static_cast<void>(ours_.office->rotate(ours_.pair()));
    static_cast<void>(theirs_.office->rotate(theirs_.pair()));
  }
  lazy_ = (circumstances & 16U) != 0;
  begin_session();
  if ((circumstances & 32U) != 0) take_all();
}

void PeerScript::begin_session() {
  if ((circumstances_ & 128U) == 0) {
    connect(ours_, theirs_);
  } else {
    connect(theirs_, ours_);
  }
  for (Side* side : {&ours_, &theirs_})
    if (side->end) side->end->rekeys = (circumstances_ & 64U) != 0;
  answer();
}

void PeerScript::answer() {
  while (ours_.end && !ours_.end->sent.empty()) {
    const Bytes frame = std::move(ours_.end->sent.front());
    ours_.end->sent.pop_front();
    theirs_.take(frame);
    theirs_.judge();
  }
}

void PeerScript::hear(ByteView frame) {
  ours_.take(frame);
  if (!lazy_) ours_.judge();
  answer();
}

void PeerScript::hang_up() {
  ours_.hang_up();
  theirs_.hang_up();
  replaced_.reset();
}

std::optional<Bytes> PeerScript::next_frame() {
  if (!theirs_.end || theirs_.end->sent.empty()) return std::nullopt;
  Bytes frame = std::move(theirs_.end->sent.front());
  theirs_.end->sent.pop_front();
  seen_.push_back(frame);
  if (seen_.size() > kSeenMax) seen_.pop_front();
  return frame;
}

void PeerScript::take_all() {
  for (std::size_t i = 0; i < kStepsMax; ++i) {
    const auto frame = next_frame();
    if (!frame) return;
    hear(*frame);
  }
}

void PeerScript::pass(milliseconds time) {
  for (Side* side : {&ours_, &theirs_}) {
    side->now.wall += time;
    side->now.steady += time;
    side->tick();
  }
  answer();
}

/// One wrong value in one field of the next frame.
void PeerScript::tell_lie(std::uint64_t which) {
  const auto frame = next_frame();
  if (!frame) return;
  v1::Frame truth;
  if (!parse_wire(*frame, truth)) return hear(*frame);
  const auto lies = sim::lies_of(truth);
  hear(lies.empty() ? *frame : encode_wire(*lies[which % lies.size()].told));
}

void PeerScript::replay(std::size_t which, Side& to) {
  if (seen_.empty()) return;
  const Bytes frame = seen_[which % seen_.size()];
  to.take(frame);
  if (!lazy_) to.judge();
  answer();
}

bool PeerScript::step(ByteView& script) {
  const auto number = static_cast<unsigned>(take_number(script, 1));
  switch (number) {
    case kRaw: hear(take(script, take_number(script, 2))); return true;
    case kNext:
      if (const auto frame = next_frame()) hear(*frame);
      return true;
    case kDrop: static_cast<void>(next_frame()); return true;
    case kTwice:
      if (const auto frame = next_frame()) {
        hear(*frame);
        hear(*frame);
      }
      return true;
    case kChange: {
      const auto place = take_number(script, 2);
      const auto mask = static_cast<Byte>(take_number(script, 1));
      auto frame = next_frame();
      if (!frame) return true;
      if (!frame->empty()) (*frame)[place % frame->size()] ^= mask;
      hear(*frame);
      return true;
    }
    case kLie: tell_lie(take_number(script, 2)); return true;
    case kReplay: replay(take_number(script, 1), ours_); return true;
    case kAll: take_all(); return true;
    case kPause: pass(kPauses[take_number(script, 1) % std::size(kPauses)]); return true;
    case kSession: begin_session(); return true;
    case kSecond:  // another session, while the one before is still there
      replaced_ = std::move(ours_.end);
      begin_session();
      return true;
    case kOlder:  // the older one hears something again
      if (replaced_) {
        std::swap(replaced_, ours_.end);
        replay(take_number(script, 1), ours_);
        std::swap(replaced_, ours_.end);
      }
      return true;
    case kLazy: lazy_ = !lazy_; return true;
    case kJudge:
      ours_.judge(office::Peer::More::kWaits);
      answer();
      return true;
    case kSetClock: {  // somebody sets this machine's clock
      const auto hours = static_cast<std::int64_t>(take_number(script, 1)) - 128;
      ours_.now.wall += std::chrono::hours(hours);
      return true;
    }
    case kAudit: audit(ours_, theirs_); return true;
    case kLeaf: append_leaf(theirs_, take(script, take_number(script, 2))); break;
    case kRecord: append_record(theirs_, take(script, take_number(script, 2))); break;
    case kRecordLie: {
      const auto which = take_number(script, 1);
      append_lie_of_record(theirs_, which, take_number(script, 2));
      break;
    }
    case kMessage: {
      const auto kind = static_cast<std::uint32_t>(take_number(script, 1));
      const auto lie = take_number(script, 2);
      append_message(theirs_, kind, lie, to_bytes(take(script, take_number(script, 2))));
      break;
    }
    default:
      if (number >= kTheirs) return step_of_office(theirs_, number - kTheirs, script);
      return step_of_office(ours_, number, script);
  }
  return true;
}

/// What the office's own people or its machine do; of the counterpart's with the highest bit set.
bool PeerScript::step_of_office(Side& side, unsigned number, ByteView& script) {
  auto& pair = side.pair();
  switch (number) {
    case kSay: static_cast<void>(side.say(alert("one more"))); break;
    case kSayFlash:
      static_cast<void>(side.say(alert("at once"), 1, journal::Precedence::kFlash));
      break;
    case kSayMuch: static_cast<void>(side.say(long_alert())); break;
    case kSayContent: {
      const Bytes content = to_bytes(take(script, take_number(script, 2)));
      static_cast<void>(side.say(content, 2));
      break;
    }
    case kRotate: static_cast<void>(side.office->rotate(pair)); break;
    case kRenew:
      hang_up();
      static_cast<void>(side.office->open_next_generation(pair, side.now));
      break;
    case kRecover:
      hang_up();
      static_cast<void>(side.office->recover(pair, side.now));
      break;
    case kRestart:
    case kPutBack: {  // killed and started again; or over an older store
      hang_up();
      const bool ours = &side == &ours_;
      put_back_ = put_back_ || number == kPutBack;
      Bytes image = number == kRestart ? side.image() : earlier_image(ours == we_are_tj_);
      const bool opens = side.restart(std::move(image));
      BLO_CHECK(opens || !ours);
      return opens;
    }
    case kFreeze:
      static_cast<void>(office::freeze_by_hand(side.office->store(), pair, "a person said so"));
      break;
    case kPolicy: {
      const journal::Policy policy{{{1U, journal::Precedence::kFlash}}, false};
      static_cast<void>(office::set_policy(*side.office, pair, policy, 0, side.now));
      break;
    }
    case kRevoke:
      static_cast<void>(
          side.office->revoke_officer(2, identity::RevocationReason::kLeft, side.now));
      break;
    case kForget: static_cast<void>(side.office->forget_officer(2, 0, side.now)); break;
    case kAct: static_cast<void>(side.office->trail().enter(office::TrailEntry(), side.now)); break;
    case kDateTrail: static_cast<void>(side.office->date_trail(side.now)); break;
    case kErase: erase_all(side); break;
    case kHold: hold_newest(side); break;
    default: return false;
  }
  side.pump();
  answer();
  return true;
}

void PeerScript::run(ByteView script) {
  for (std::size_t i = 0; i < kStepsMax && !script.empty(); ++i) {
    if (!step(script)) break;
  }
  BLO_CHECK(!ours_.end || !ours_.end->peer->store_failure());
  // Whoever lied, a session can begin; but not with a store from before the secret.
  BLO_CHECK(put_back_ || common_secret(ours_, theirs_));
  check_store(ours_);
}

void run(ByteView bytes) {
  static const bool ready = crypto::initialise();
  BLO_CHECK(ready);
  const auto state = static_cast<unsigned>(take_number(bytes, 1));
  const auto circumstances = static_cast<unsigned>(take_number(bytes, 1));
  PeerScript(state, circumstances).run(bytes);
}

}  // namespace
}  // namespace blo::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  blo::fuzz::run({data, size});
  return 0;
}
