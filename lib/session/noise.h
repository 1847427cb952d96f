// Noise_XKpsk3_25519_ChaChaPoly_BLAKE2b, revision 34: the handshake and the two cipher states it
// leaves.
#ifndef BLO_SESSION_NOISE_H
#define BLO_SESSION_NOISE_H

#include <functional>
#include <optional>
#include <vector>

#include "base/result.h"
#include "crypto/aead.h"
#include "crypto/dh.h"
#include "crypto/hash.h"
#include "session/error.h"

namespace blo::session {

/// One direction's key and counter (§5.1). The counter's last value is reserved: reaching it ends
/// the session.
class CipherState {
 public:
  explicit CipherState(crypto::Key key, std::uint64_t counter = 0)
      : key_(std::move(key)), counter_(counter) {}
  /// kExhausted when the counter has reached its last value.
  [[nodiscard]] Result<Bytes> encrypt(ByteView ad, ByteView plaintext);
  /// kCiphertext, kExhausted. A failure leaves the counter where it was.
  [[nodiscard]] Result<Bytes> decrypt(ByteView ad, ByteView ciphertext);
  /// §4.2 REKEY: the past is protected, the counter goes on.
  void rekey();
  [[nodiscard]] std::uint64_t counter() const { return counter_; }
  [[nodiscard]] const crypto::Key& key() const { return key_; }  // for the vectors
  [[nodiscard]] CipherState clone() const { return CipherState(key_.clone(), counter_); }

 private:
  crypto::Key key_;
  std::uint64_t counter_ = 0;
};

/// The hash and keys that both sides grow as the handshake goes (§5.2).
class SymmetricState {
 public:
  explicit SymmetricState(std::string_view protocol_name);
  void mix_hash(ByteView data);
  void mix_key(ByteView input);
  void mix_key_and_hash(ByteView input);
  [[nodiscard]] Result<Bytes> encrypt_and_hash(ByteView plaintext);
  /// kHandshake when the tag does not match; the state is not for use after that.
  [[nodiscard]] Result<Bytes> decrypt_and_hash(ByteView ciphertext);
  [[nodiscard]] std::pair<CipherState, CipherState> split() const;
  [[nodiscard]] const crypto::Blake2b& hash() const { return hash_; }
  /// A copy, so that several PSKs can be tried on message 3.
  [[nodiscard]] SymmetricState clone() const;

 private:
  SymmetricState() = default;
  crypto::Secret<64> chaining_key_;
  crypto::Blake2b hash_{};
  std::optional<CipherState> cipher_;
};

/// What a completed handshake leaves.
struct Established {
  CipherState send;
  CipherState receive;
  crypto::Blake2b handshake_hash;  // channel binding, §11.2
  crypto::DhPublic peer;           // the other side's static key
  crypto::Hash psk_hash;           // SHA-256 of the PSK that both sides hold
};

/// XKpsk3 as initiator: write 1, read 2, write 3, finish, each once and in this order. The first
/// error ends the handshake: kHandshake, or kLowOrderKey. A read gives the message's payload.
class Initiator {
 public:
  /// `ephemeral` is generated when absent; vectors pass their own.
  Initiator(ByteView prologue, const crypto::DhKeyPair& own, const crypto::DhPublic& responder,
            const crypto::Key& psk, std::optional<crypto::DhKeyPair> ephemeral = std::nullopt);
  [[nodiscard]] Result<Bytes> write_message_1(ByteView payload);
  [[nodiscard]] Result<Bytes> read_message_2(ByteView message);
  [[nodiscard]] Result<Bytes> write_message_3(ByteView payload);
  [[nodiscard]] Established finish() const;

 private:
  int done_ = 0;  // how many messages have gone through without an error
  SymmetricState symmetric_;
  crypto::DhKeyPair static_;
  crypto::DhKeyPair ephemeral_;
  crypto::DhPublic responder_static_;
  crypto::DhPublic responder_ephemeral_{};
  crypto::Key psk_;
};

/// XKpsk3 as responder: read 1, write 2, read 3, finish, under the same rules. The PSK is looked up
/// inside message 3, once the initiator's static key is known.
class Responder {
 public:
  /// The PSKs to try for this peer, at most kPskTries; empty for a peer that is not known. Message
  /// 3 then fails exactly as with a wrong PSK: the same work, the same error.
  using PskLookup = std::function<std::vector<crypto::Key>(const crypto::DhPublic& initiator)>;

  Responder(ByteView prologue, const crypto::DhKeyPair& own,
            std::optional<crypto::DhKeyPair> ephemeral = std::nullopt);
  [[nodiscard]] Result<Bytes> read_message_1(ByteView message);
  [[nodiscard]] Result<Bytes> write_message_2(ByteView payload);
  [[nodiscard]] Result<Bytes> read_message_3(ByteView message, const PskLookup& lookup);
  [[nodiscard]] Established finish() const;

 private:
  int done_ = 0;
  SymmetricState symmetric_;
  crypto::DhKeyPair static_;
  crypto::DhKeyPair ephemeral_;
  crypto::DhPublic initiator_ephemeral_{};
  crypto::DhPublic initiator_static_{};
  crypto::Hash psk_hash_{};
};

/// Next and current. A failing message 3 always costs this many tries.
inline constexpr std::size_t kPskTries = 2;

/// The handshake messages with empty payloads, as they go over the wire.
inline constexpr std::size_t kMessage1Bytes = 48;
inline constexpr std::size_t kMessage2Bytes = 48;
inline constexpr std::size_t kMessage3Bytes = 64;

/// `blo/1` ‖ 0x00 ‖ network ‖ 0x00 ‖ responder's office id: docs/format/session.md.
[[nodiscard]] Bytes session_prologue(std::string_view network, std::string_view responder_office);

}  // namespace blo::session

#endif
