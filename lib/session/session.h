// One end of a connection as a pure machine: received bytes in, bytes to send and plaintext frames
// out. It knows no socket, no clock and no protobuf.
#ifndef BLO_SESSION_SESSION_H
#define BLO_SESSION_SESSION_H

#include <deque>
#include <memory>
#include <variant>

#include "base/clock.h"
#include "base/ids.h"
#include "session/noise.h"

namespace blo::session {

struct DialOptions {
  DialOptions(Network network, OfficeId responder, crypto::DhPublic responder_key,
              crypto::DhKeyPair own_key, crypto::Key psk);
  Network network;
  OfficeId responder;
  crypto::DhPublic responder_key;
  crypto::DhKeyPair own_key;
  crypto::Key psk;
};

struct AnswerOptions {
  AnswerOptions(Network network, OfficeId own, crypto::DhKeyPair own_key,
                Responder::PskLookup lookup);
  Network network;
  OfficeId own;
  crypto::DhKeyPair own_key;
  Responder::PskLookup lookup;
};

/// States (the initiator's beside the responder's):
///
///   dial:    kWaitMessage2 ──message 2──► kOpen        answer: kWaitMessage1 ──message 1──►
///   kWaitMessage3
///                                                               kWaitMessage3 ──message 3──► kOpen
///   any ──error, timeout──► kFailed (nothing more is sent or accepted)
class Session {
 public:
  enum class State { kWaitMessage1, kWaitMessage2, kWaitMessage3, kOpen, kFailed };

  /// Queues message 1.
  [[nodiscard]] static Session dial(DialOptions options, SteadyTime now);
  [[nodiscard]] static Session answer(AnswerOptions options, SteadyTime now);

  /// Takes bytes in any portions. An error is final; whole frames received before it remain
  /// readable.
  [[nodiscard]] Result<void> receive(ByteView bytes);
  /// The next plaintext frame, in order; nothing when more bytes are needed.
  [[nodiscard]] std::optional<Bytes> next_frame();

  /// Encrypts one frame (1 … limits::kFramePlaintextBytesMax bytes) and queues it. Only when open.
  [[nodiscard]] Result<void> send(ByteView plaintext);
  /// The sending key changes for the frames after this call; the caller has announced it in a frame
  /// before.
  void rekey_sending();
  /// The receiving key changes for the frames after the one just read: call it on reading the
  /// announcement, before next_frame().
  void rekey_receiving();
  /// Whether limits::kRekeyMessages or kRekeyTime is reached for sending.
  [[nodiscard]] bool rekey_due(SteadyTime now) const;

  /// Bytes for the socket; stays the same until sent() says how many went.
  [[nodiscard]] ByteView to_send() const;
  void sent(std::size_t bytes);

  /// When the handshake must be over; none once open.
  [[nodiscard]] std::optional<SteadyTime> deadline() const;
  /// Fails the session when the deadline has passed.
  [[nodiscard]] Result<void> tick(SteadyTime now);

  [[nodiscard]] State state() const;
  [[nodiscard]] bool open() const { return state() == State::kOpen; }
  /// The peer's static key; only once open.
  [[nodiscard]] const crypto::DhPublic& peer() const;
  [[nodiscard]] const crypto::Blake2b& handshake_hash() const;
  /// Whether the caller's message 1 proved that it knows our static key (it is counted apart from
  /// strangers).
  [[nodiscard]] bool caller_knows_us() const;

  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

 private:
  struct Impl;
  explicit Session(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace blo::session

#endif
