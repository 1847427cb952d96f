// One session with a counterpart: hello, heads, then batches one way and receipts the other. A pure
// machine over a Line; the daemon and the simulator drive it.
#ifndef BLO_OFFICE_PEER_H
#define BLO_OFFICE_PEER_H

#include <deque>

#include "office/addresses.h"
#include "office/clock.h"
#include "office/generations.h"
#include "office/recovery.h"
#include "office/secret_rotation.h"
#include "sync/sender.h"

namespace blo::office {

/// What a peer needs of its session. Frames go out in the order of the calls.
class Line {
 public:
  virtual ~Line() = default;
  virtual void send_frame(ByteView plaintext) = 0;
  virtual void rekey_sending() = 0;
  virtual void rekey_receiving() = 0;
  [[nodiscard]] virtual bool rekey_due(SteadyTime now) const = 0;
  /// After what is queued has gone out.
  virtual void close() = 0;
  /// Given to send_frame() and not gone out yet.
  [[nodiscard]] virtual std::size_t queued_bytes() const { return 0; }
};

/// What happened that people or programs outside wait for.
class Observer {
 public:
  virtual ~Observer() = default;
  /// Entries [first, end) of the counterpart's journal are durable here.
  virtual void arrived(const Pair& pair, std::uint64_t first, std::uint64_t end) = 0;
  /// Entries below `head`'s size of our journal are durable there.
  virtual void receipted(const Pair& pair, const ReceiptedHead& head) = 0;
};

/// Everything a peer works with; all outlive it.
struct PeerContext {
  store::Store& store;
  const OfficeKeys& keys;
  Officers& officers;
  Incoming& incoming;
  Alarms& alarms;
  Observer& observer;
  Clock& clock;
  std::uint64_t start_number;  // of this run
  const QuotaLimits& quota;
  const OwnAddresses& own_addresses;
};

///   kStandby ──activate, or the other side's Hello──► kHello ──Hello──► kHeads
///   kHeads ──heads agree──► kSync
///   kHeads ──this office lost what the other holds──► kRecovering
///   kHeads, kSync ──the other lost what this one holds──► kServing
///   any ──Close, error, silence──► kClosed
/// A checkpoint or receipt is signed only in kSync: after the heads of both journals have been
/// compared. Of several sessions of a pair, the one that sent its heads last talks; it ends the one
/// that talked before, whose batches are dropped and come again. A session during whose Hello
/// another began to talk ends instead: the heads it will be told may be older than what is held.
class Peer {
 public:
  enum class State { kStandby, kHello, kHeads, kSync, kRecovering, kServing, kClosed };

  /// `secret`: psk_hash() of the pairing secret that authenticated the session.
  Peer(PeerContext context, Pair& pair, Line& line, const crypto::Hash& secret, Now now);
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer();

  /// Sends our Hello; until then the session only answers pings.
  void activate(Now now);
  /// While another session of the pair is asked whether it lives: a Hello that comes waits for
  /// activate().
  void hold() { holds_ = true; }
  void on_frame(ByteView plaintext, Now now);

  /// Sends what may be sent. Call after accepting messages, and it is called after each receipt.
  void pump(Now now);

  /// The oldest batch that waits to be judged; the driver judges it (here or on a pool) and gives
  /// it back in order.
  [[nodiscard]] std::optional<IncomingBatch> take_work();
  /// Commits it; or, where more frames wait to be read, keeps it for limits::kCommitWaitMax at
  /// most, so that another one is committed with it. settle() says that no more wait.
  enum class More { kNone, kWaits };
  void complete(IncomingBatch judged, Now now, More more = More::kNone);
  void settle(Now now);

  /// Pings, gives up on silence, rekeys, ends old sessions. At least once a second while connected.
  void tick(Now now);
  /// Asks for a sign of life at once.
  void ping(Now now);
  void close(sync::CloseReason reason);

  [[nodiscard]] State state() const { return state_; }
  /// How long since the heads agreed, or something lost was first given back; none: neither.
  [[nodiscard]] std::optional<milliseconds> of_use(SteadyTime now) const;
  [[nodiscard]] bool heard_hello() const { return heard_hello_; }
  /// Neither side said that it ends.
  [[nodiscard]] bool broke_off() const { return state_ != State::kClosed; }
  /// Asked for a sign of life, and none has come since.
  [[nodiscard]] bool awaits_answer() const { return pinged_.has_value(); }
  /// This side ended it for what the counterpart is or said; a word for the audit trail, empty
  /// otherwise.
  [[nodiscard]] std::string_view turned_away() const { return turned_away_; }
  /// Why this side ended it, or the other did; a sentence, empty while open.
  [[nodiscard]] const std::string& why_closed() const { return why_closed_; }
  /// Batches have come and are not stored, for this machine's clock is not believed.
  [[nodiscard]] bool waits_for_clock() const {
    return waits_for_clock_ && !(judged_.empty() && unread_.empty());
  }
  /// The store failed under it: the office must degrade.
  [[nodiscard]] const std::optional<Error>& store_failure() const { return store_failure_; }
  /// Told once.
  [[nodiscard]] std::optional<Error> take_store_failure() {
    return std::exchange(store_failure_, std::nullopt);
  }

 private:
  void send(const sync::Frame& frame);
  void fail(const Error& error, sync::CloseReason reason);
  [[nodiscard]] Result<void> freeze_with(const Alarm& alarm, const std::string& why,
                                         store::Recovery recovery, Now now);
  void freeze_forked(const Error& error, const sync::Heads& heads, Now now);
  void raise(AlarmCode code, const std::string& sentence, const std::string& next_step,
             const std::string& evidence, Now now);
  void dispatch(sync::Frame frame, Now now);
  void read_unread(Now now);
  void read_batch(sync::Batch batch, Now now);
  void on_hello(const sync::Hello& hello, Now now);
  void hear_close(const sync::Close& end);
  void hear_ping(const sync::Ping& ping, Now now);
  [[nodiscard]] bool drops(const sync::Items& items);
  void on_batch_end(sync::BatchEnd end, Now now);
  [[nodiscard]] bool hold_back(const sync::Batch& batch, Now now);
  void tell_not_taken();
  void end_holding_back(Now now);
  void on_not_taken(const sync::NotTaken& frame, Now now);
  void end_held_back(Now now);
  [[nodiscard]] Result<std::optional<std::uint64_t>> end_of_batch(
      const sync::Sender::Allowance& allowance, Now now);
  [[nodiscard]] Result<std::vector<Committed>> commit_judged(Now now);
  void note_start(const sync::Hello& hello, Now now);
  void note_runs_twice(Now now);
  [[nodiscard]] Result<void> note_tried();
  [[nodiscard]] WallTime their_time(Now now) const;
  [[nodiscard]] milliseconds apart(Now now) const;
  [[nodiscard]] bool note_beside(Now now);
  [[nodiscard]] bool talk();
  void fall_silent();
  void end_session();
  void on_heads(const sync::Heads& heads, Now now);
  void take_announced(Now now);
  [[nodiscard]] Result<sync::Head> our_head();
  void send_heads();
  [[nodiscard]] bool check_identity(const sync::Hello& hello, Now now);
  [[nodiscard]] bool parted_over_clocks(Now now);
  void part_over_clocks(const std::string& theirs_now, Now now);
  void tell_difference(Now now);
  [[nodiscard]] bool check_validity(Now now);
  [[nodiscard]] Result<void> compare_sent(const sync::Head& theirs, Now now);
  [[nodiscard]] Result<void> compare_closed(const sync::Head& theirs);
  [[nodiscard]] Result<void> compare_later(const sync::Head& theirs);
  struct HeadsJournal;
  [[nodiscard]] Result<HeadsJournal> journal_of_head(const sync::Head& theirs) const;
  [[nodiscard]] Result<void> compare_received(const sync::Head& theirs);
  [[nodiscard]] Result<void> check_next() const;
  [[nodiscard]] Error forked(const store::JournalRow& journal,
                             const journal::SignedCheckpoint& theirs);
  [[nodiscard]] std::optional<Error> disagreement(const sync::Heads& heads, Now now);
  void recover(const sync::Heads& heads, const Error& behind, Now now);
  void on_recall(const sync::Recall& recall, Now now);
  void on_answer(sync::Frame& frame, Now now);
  void ask_next(Now now);
  void on_receipt(const sync::Receipt& receipt, Now now);
  void refuse_receipt(const Error& error, Now now);
  void offer_secret_if_due(Now now);
  void on_secret_offer(const sync::SecretOffer& offer, Now now);
  void on_secret_answer(const sync::SecretAnswer& answer);
  /// Of entries up to `to`. False: nothing is sent.
  [[nodiscard]] bool send_batch(const sync::Sender::Allowance& allowance, std::uint64_t to,
                                Now now);
  [[nodiscard]] Result<void> note_signing(std::uint64_t size, WallTime now);
  [[nodiscard]] Result<void> keep_receipt(ReceiptedHead head, Now now);

  PeerContext context_;
  Pair& pair_;
  Line& line_;
  State state_ = State::kStandby;
  SecretRotation rotation_;
  crypto::Hash secret_;
  bool holds_ = false;
  bool heard_hello_ = false;
  bool runs_twice_ = false;  // their start number came back
  std::optional<SteadyTime> of_use_since_;
  std::uint64_t turns_at_hello_ = 0;
  std::optional<sync::Hello> held_;    // came while this session waited
  std::optional<SteadyTime> offered_;  // a secret, in this session, not answered
  TokenBudget pings_{limits::kPingsAtOnce, limits::kPingEvery};  // that are answered
  std::uint64_t tokens_ = 0;                                     // pings sent so far
  Now hello_;                         // the counterpart's clock in its Hello, and when that came
  std::optional<milliseconds> told_;  // how far the clocks were apart when people were told
  bool waits_for_clock_ = false;
  SteadyTime began_;
  SteadyTime activated_;
  SteadyTime last_heard_;
  std::optional<SteadyTime> pinged_;
  std::string why_closed_;
  std::string_view turned_away_;
  std::optional<Error> store_failure_;

  std::optional<sync::Sender> sender_;
  journal::Frontier sent_frontier_;       // of what has been sent in this session
  journal::Frontier receipted_frontier_;  // of what has a receipt
  std::uint64_t receipt_s_ = 0;           // of the newest batch of theirs that was read
  std::uint64_t searched_ = 0;            // for what does not wait, while held back
  std::uint64_t urgent_end_ = 0;          // after the last of it
  struct InFlight {
    journal::SignedCheckpoint head;
    journal::Frontier frontier;
    bool held;  // sent while the rest was held back
  };
  std::deque<InFlight> in_flight_;

  std::optional<NextGeneration> next_;  // announced in the Hello; none: the newest here goes on
  std::string fork_;                    // the proof, where the heads contradict each other
  bool rewound_ = false;                // their Hello showed one that is over here, or another one
  Bytes announced_;                     // the journal's certificate in it
  std::vector<IpEndpoint> addresses_;   // that their Heads announce
  std::optional<Recovery> recovery_;
  SteadyTime recalled_;  // when the last question came

  std::optional<sync::Receiver> receiver_;
  std::optional<journal::Reader> reader_;
  std::deque<IncomingBatch> work_;
  std::deque<sync::Batch> unread_;     // until the clock is believed
  std::size_t judging_ = 0;            // given out by take_work(), not back yet
  std::vector<IncomingBatch> judged_;  // not committed yet
  SteadyTime judged_since_;
  bool dropping_ = false;  // until the batch that was not taken comes again
  std::uint64_t again_from_ = 0;
  std::optional<std::uint32_t> not_taken_s_;  // for how long; not told yet
  bool answered_ = false;                     // a Recall
};

}  // namespace blo::office

#endif
