// Ed25519 with one purpose per signature: what is signed always begins with the purpose's own
// prefix.
#ifndef BLO_CRYPTO_SIGN_H
#define BLO_CRYPTO_SIGN_H

#include <initializer_list>
#include <optional>

#include "crypto/hash.h"

namespace blo::crypto {

using Signature = std::array<Byte, 64>;

/// A public key that passed `crypto_core_ed25519_is_valid_point`: canonical, in the prime-order
/// group. There is no other way to make one, so a low-order key cannot reach a verification.
class VerifyKey {
 public:
  [[nodiscard]] static std::optional<VerifyKey> enrol(ByteView bytes);
  [[nodiscard]] const std::array<Byte, 32>& bytes() const { return bytes_; }
  auto operator<=>(const VerifyKey&) const = default;

 private:
  explicit VerifyKey(const std::array<Byte, 32>& bytes) : bytes_(bytes) {}
  std::array<Byte, 32> bytes_;
};

/// A private key: its 32-byte seed is what is kept; the public half is always derived, never
/// loaded, since signing under a mismatched half gives the key away.
class SigningKey {
 public:
  [[nodiscard]] static SigningKey generate();
  [[nodiscard]] static SigningKey from_seed(const Key& seed);
  [[nodiscard]] const VerifyKey& verify_key() const { return verify_key_; }
  [[nodiscard]] const Key& seed() const { return seed_; }
  [[nodiscard]] SigningKey clone() const { return from_seed(seed_); }

 private:
  friend Signature sign_raw(const SigningKey&, ByteView);
  SigningKey(Key seed, Secret<64> expanded, const VerifyKey& verify_key)
      : seed_(std::move(seed)), expanded_(std::move(expanded)), verify_key_(verify_key) {}
  Key seed_;
  Secret<64> expanded_;  // seed ‖ public key, libsodium's form
  VerifyKey verify_key_;
};

/// What a signature is for. Each has the prefix `blo/<use>/v1\0`.
enum class Purpose {
  kCertificate,         // authority or office over certificate details
  kCertificateRequest,  // a new key over the request for its certificate
  kEnvelope,            // officer over an envelope
  kRelease,             // releaser over envelope ‖ author's signature
  kControlRequest,      // officer over a request to the daemon
  kLeafReceipt,         // receipt key over origin and leaf hash
  kPairing,             // office identity over a pairing file
  kRevocation,          // authority or office over a revocation
};

/// The prefix's bytes, its final zero included.
[[nodiscard]] ByteView prefix(Purpose purpose);

/// Signs prefix ‖ parts, concatenated.
[[nodiscard]] Signature sign(Purpose purpose, const SigningKey& key,
                             std::initializer_list<ByteView> parts);
/// True only for a signature libsodium accepts (canonical S, R and A; no low order).
[[nodiscard]] bool verify(Purpose purpose, const VerifyKey& key,
                          std::initializer_list<ByteView> parts, const Signature& signature);

/// C2SP signed notes fix their own signed bytes and have no prefix of ours: only journal/note calls
/// these.
[[nodiscard]] Signature sign_note_bytes(const SigningKey& key, ByteView bytes);
[[nodiscard]] bool verify_note_bytes(const VerifyKey& key, ByteView bytes,
                                     const Signature& signature);

}  // namespace blo::crypto

#endif
