// Offices over stores in memory, and a line between two of them on which each frame waits to be
// taken, for targets that drive more than a parser.
#ifndef BLO_TESTS_FUZZ_OFFICES_H
#define BLO_TESTS_FUZZ_OFFICES_H

#include <deque>

#include "office/office.h"
#include "sim/kit.h"

namespace blo::fuzz {

/// One side of a session: what it sends waits in `sent`.
class End : public office::Line {
 public:
  void send_frame(ByteView plaintext) override;
  void rekey_sending() override {}
  void rekey_receiving() override {}
  [[nodiscard]] bool rekey_due(SteadyTime) const override { return rekeys; }
  void close() override { closing = true; }
  [[nodiscard]] std::size_t queued_bytes() const override;

  std::optional<office::Peer> peer;
  std::deque<Bytes> sent;
  std::deque<office::IncomingBatch> work;  // arrived whole, not judged yet
  bool closing = false;
  bool rekeys = false;  // before each batch
};

/// An office, its store, its own clock, and its end of the newest session.
class Side : public office::Observer {
 public:
  /// Goes on from the image of a store; from an empty one it is new.
  Side(const sim::Kit& kit, Bytes image, Now now);
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;

  void arrived(const office::Pair&, std::uint64_t, std::uint64_t) override {}
  void receipted(const office::Pair&, const office::ReceiptedHead&) override {}

  [[nodiscard]] office::Pair& pair() { return *office->pairs().front(); }
  [[nodiscard]] Bytes image() { return office->store().image().value(); }
  /// The process ends; another one begins over that image. False: an office does not open over it.
  [[nodiscard]] bool restart(Bytes image);
  /// Whether an office opens over the store as it is now.
  [[nodiscard]] bool opens_again();
  /// Of a session that has ended, or of none.
  void hang_up();

  /// Of any content, under the first officer's signature; with the next message id.
  [[nodiscard]] journal::Envelope envelope_for(ByteView content, std::uint32_t kind,
                                               journal::Precedence precedence);
  /// As an officer's blo hands it over.
  [[nodiscard]] office::Submission sign(const journal::Envelope& envelope, Bytes content) const;
  /// Accepted, or not; sent on over an open session.
  bool say(Bytes content, std::uint32_t kind = 1,
           journal::Precedence precedence = journal::Precedence::kRoutine);
  /// The next entry of its journal, of any bytes; with a body where `submission` has a content.
  void append(ByteView leaf, const office::Submission* submission);
  [[nodiscard]] journal::Stamp next_stamp();

  void pump();
  void take(ByteView frame);
  /// Judges and completes what has arrived whole.
  void judge(office::Peer::More more = office::Peer::More::kNone);
  void tick();

  const sim::Kit& kit;
  Now now;
  std::unique_ptr<office::Office> office;
  std::unique_ptr<End> end;

 private:
  std::uint64_t next_message_ = 1;
  Bytes opened_;  // what the office was opened over
};

[[nodiscard]] crypto::SigningKey releaser_key(const sim::Kit& kit);
[[nodiscard]] Bytes alert(const std::string& reason);
/// One whose body takes several frames.
[[nodiscard]] Bytes long_alert();
[[nodiscard]] seal::Salt salt_of(ByteView content);

/// Of the pairing secrets that the dialler tries in turn the first that the other side has, too.
[[nodiscard]] std::optional<crypto::Hash> common_secret(Side& dialler, Side& answerer);
/// A session between the two, up to its Hellos; none where they have no secret in common.
void connect(Side& dialler, Side& answerer);
/// Takes what waits on both sides until nothing does, or the session has ended.
void settle(Side& a, Side& b);
/// Paired, each with an operator and a releaser.
void pair_offices(Side& a, Side& b);

/// Whatever came in: every journal in the store hashes to what its row says, nothing stands in our
/// own that a reader refuses, and an office opens over the store again.
void check_store(Side& side);

}  // namespace blo::fuzz

#endif
