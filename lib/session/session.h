// One end of a connection as a pure machine: received bytes in, bytes to send and plaintext frames
// out. It knows no socket, no clock and no protobuf. Bytes on the wire: docs/format/session.md.
#ifndef BLO_SESSION_SESSION_H
#define BLO_SESSION_SESSION_H

#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/ids.h"
#include "base/limits.h"
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
  milliseconds handshake_time = limits::kHandshakeTimeMax;
};

struct AnswerOptions {
  AnswerOptions(Network network, OfficeId own, crypto::DhKeyPair own_key,
                Responder::PskLookup lookup);
  Network network;
  OfficeId own;
  crypto::DhKeyPair own_key;
  Responder::PskLookup lookup;
  milliseconds handshake_time = limits::kHandshakeTimeMax;
};

/// States (the initiator's above the responder's):
///
///   dial:    kWaitMessage2 ──message 2──► kOpen
///   answer:  kWaitMessage1 ──message 1──► kWaitMessage3 ──message 3──► kOpen
///   any ──error, timeout──► kFailed
///
/// The first error is final: nothing more is sent or accepted, the keys are wiped, and every later
/// call gives the same error.
///
/// The initiator is open once it has written message 3, which the responder may still refuse; only
/// the responder's first frame shows that it did not.
class Session {
 public:
  enum class State { kWaitMessage1, kWaitMessage2, kWaitMessage3, kOpen, kFailed };

  /// Queues message 1. Failed from the start (see failure()) where `responder_key` is of low order.
  [[nodiscard]] static Session dial(DialOptions options, SteadyTime now);
  [[nodiscard]] static Session answer(AnswerOptions options, SteadyTime now);

  /// Takes bytes in any portions and runs the handshake; its errors come from here. Once open it
  /// only keeps the bytes, and next_frame() reports what is wrong with them, in order. Before each
  /// call the frames are read until there is none, so that no more is held than one unfinished
  /// frame and this portion.
  [[nodiscard]] Result<void> receive(ByteView bytes);
  /// The next plaintext frame, in order; nothing when more bytes are needed, or not open.
  [[nodiscard]] Result<std::optional<Bytes>> next_frame();

  /// Encrypts one frame and queues it. Only when open. kFrameSize outside of
  /// 1 … limits::kFramePlaintextBytesMax (the one error that leaves the session as it was);
  /// kQueueFull past limits::kSendQueueBytesMax.
  [[nodiscard]] Result<void> send(ByteView plaintext);
  /// The sending key changes for the frames after this call; the caller has announced it in a frame
  /// before.
  void rekey_sending(SteadyTime now);
  /// The receiving key changes for the frames after the one just read: call it on reading the
  /// announcement, before next_frame().
  void rekey_receiving();
  /// Whether limits::kRekeyMessages or kRekeyTime is reached for sending.
  [[nodiscard]] bool rekey_due(SteadyTime now) const;

  /// Bytes for the socket, oldest first; they stay until sent() says how many went. The view ends
  /// with the next call that is not const. Empty once failed.
  [[nodiscard]] ByteView to_send() const;
  void sent(std::size_t bytes);

  /// When the handshake must be over; none once open or failed.
  [[nodiscard]] std::optional<SteadyTime> deadline() const;
  /// Fails the session when the deadline has passed.
  [[nodiscard]] Result<void> tick(SteadyTime now);

  [[nodiscard]] State state() const;
  [[nodiscard]] bool open() const { return state() == State::kOpen; }
  /// Why it failed; none unless it did.
  [[nodiscard]] const std::optional<Error>& failure() const;
  /// The peer's static key and the channel binding (§11.2); only once open, and from then on.
  [[nodiscard]] const crypto::DhPublic& peer() const;
  [[nodiscard]] const crypto::Blake2b& handshake_hash() const;
  /// SHA-256 of the PSK that authenticated it; only once open, and from then on.
  [[nodiscard]] const crypto::Hash& psk_hash() const;
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
