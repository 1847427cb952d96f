// One office of the simulated pair: its store on disk, and its end of the one connection.
#ifndef BLO_TESTS_SIM_NODE_H
#define BLO_TESTS_SIM_NODE_H

#include <functional>

#include "kit.h"
#include "office/query.h"
#include "session/session.h"
#include "sync/frame.h"

namespace blo::sim {

/// One end of a connection: a session, and once that is open a peer over it.
class End : public office::Line {
 public:
  End(session::Session opened, SteadyTime& clock) : session(std::move(opened)), clock_(clock) {}

  void send_frame(ByteView plaintext) override;
  void rekey_sending() override;
  void rekey_receiving() override;
  [[nodiscard]] bool rekey_due(SteadyTime now) const override;
  void close() override { closing = true; }

  session::Session session;
  std::optional<office::Peer> peer;
  std::deque<office::IncomingBatch> work;  // arrived whole, not judged yet
  bool closing = false;
  bool dialled = false;  // by this side
  std::uint64_t rekeys = 0;
  /// Besides what the session asks for.
  std::uint64_t rekey_after_frames = UINT64_MAX;
  /// Sees every frame before it is encrypted, and may change it: a dishonest or broken office.
  std::function<void(sync::Frame&)> meddle;
  /// Every frame that left, and every one that came, in order.
  struct Seen {
    bool sent;
    office::Peer::State state;  // this side's, when the frame passed
    sync::Frame frame;
  };
  std::vector<Seen>* trace = nullptr;

 private:
  SteadyTime& clock_;
  std::uint64_t frames_under_key_ = 0;
};

/// A message that its office has accepted: it must never be lost, nor doubled.
struct Said {
  MessageNumber number;
  MessageId id;
  Bytes content;
};

class Node : public office::Observer {
 public:
  Node(const std::string& name, const std::filesystem::path& folder, Now& now);

  void arrived(const office::Pair& pair, std::uint64_t first, std::uint64_t end) override;
  void receipted(const office::Pair& pair, const office::ReceiptedHead& head) override;

  [[nodiscard]] office::Pair& pair() { return *office->pairs().front(); }
  [[nodiscard]] const store::OfficerRow& officer() const {
    return office->officers().all().front();
  }
  [[nodiscard]] std::uint64_t sent_size() { return pair().sent->row.size(); }
  [[nodiscard]] std::uint64_t received_size() { return pair().received->row.size(); }
  /// psk_hash() of the pairing secret in force.
  [[nodiscard]] crypto::Hash secret() {
    return office::psk_hash(office->store().pairings().secret(pair().row).value());
  }
  [[nodiscard]] bool frozen() { return pair().row.state == store::PairingState::kFrozen; }
  [[nodiscard]] office::MessageView show(const MessageNumber& number);

  /// The envelope of an alert that says `content`, with the next message id.
  [[nodiscard]] journal::Envelope envelope_for(const Bytes& content, const seal::Salt& salt);
  /// Signed by the officer and handed in, but neither accepted nor remembered.
  [[nodiscard]] office::Submission submission(Bytes content);
  /// Accepted, and not sent on by itself.
  office::Acceptance hand_in(const office::Submission& made);
  /// Accepted and, over an open connection, sent on.
  Said say(const std::string& text);
  /// As say(), with a content of any kind.
  Said say_content(Bytes content);

  /// Runs the session over bytes from the line; false when that ends the connection.
  bool take(ByteView bytes);
  void do_work();
  void tick();
  /// The connection is gone, with all that was on its way.
  void hang_up();

  /// Whether a frame of this kind left, or came, over the last connection.
  template <class Frame>
  [[nodiscard]] bool has(bool sent) const {
    return std::ranges::any_of(trace, [sent](const End::Seen& seen) {
      return seen.sent == sent && std::holds_alternative<Frame>(seen.frame);
    });
  }

  /// The process dies as by kill -9 (nothing more is written), and starts again.
  void crash();
  /// Stops in order and starts again.
  void restart();
  void open();
  /// Whether NTP keeps this machine's clock in step, now and after it starts again.
  void set_in_step(bool kept);
  [[nodiscard]] std::vector<Bytes> disk() const;
  void put_disk(const std::vector<Bytes>& files);
  [[nodiscard]] std::vector<std::filesystem::path> files() const;

  Kit kit;
  Now& now;
  std::filesystem::path path;
  std::unique_ptr<office::Office> office;
  std::optional<End> end;

  std::vector<Said> said;
  std::vector<End::Seen> trace;
  bool in_step = true;
  office::OwnAddresses own;   // which each of its runs announces
  std::size_t not_taken = 0;  // sessions dialled in a row in which nothing was heard
  std::vector<std::pair<std::uint64_t, std::uint64_t>> arrivals;  // generation × 2^40 + index
  std::string why_closed;                                         // of the last connection
  std::string turned_away;  // by this side, in any connection so far
  std::optional<Error> failure;
  std::uint64_t rekeys = 0;
  std::uint64_t rekey_after_frames = UINT64_MAX;
  std::function<void(sync::Frame&)> meddle;

 private:
  void open_peer();
  void collect_work();
  std::uint64_t next_message_ = 1;
};

[[nodiscard]] Bytes alert(const std::string& text);
/// Makes an opened's envelope the one of that person, and gives the salt of its body.
[[nodiscard]] seal::Salt derive_fields(journal::Envelope& opened, std::uint64_t person);

}  // namespace blo::sim

#endif
