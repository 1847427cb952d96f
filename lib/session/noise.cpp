#include "session/noise.h"

#include <limits>

#include "base/check.h"
#include "crypto/random.h"

namespace blo::session {
namespace {

constexpr std::string_view kProtocolName = "Noise_XKpsk3_25519_ChaChaPoly_BLAKE2b";
constexpr std::uint64_t kReservedCounter = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t kKeyBytes = 32;

/// A Noise key from a 64-byte HKDF output: its first half (§5.2).
crypto::Key truncate(const crypto::Secret<64>& output) {
  return crypto::Key(output.view().first(kKeyBytes));
}

/// §4.3 HKDF; the third output is left out where it is not asked for.
struct Outputs {
  crypto::Secret<64> first;
  crypto::Secret<64> second;
};

crypto::Secret<64> hkdf_next(const crypto::Secret<64>& temporary, ByteView previous, Byte index) {
  const Byte block[] = {index};
  return crypto::hmac_blake2b(temporary.view(), {previous, block});
}

Outputs hkdf(const crypto::Secret<64>& temporary) {
  Outputs out{hkdf_next(temporary, {}, 1), {}};
  out.second = hkdf_next(temporary, out.first.view(), 2);
  return out;
}

crypto::DhPublic public_key_from(ByteView bytes) {
  crypto::DhPublic key;
  BLO_CHECK(copy_exact(bytes, key));
  return key;
}

/// The start both sides share: name, prologue, and the pre-message `<- s`.
SymmetricState begin(ByteView prologue, const crypto::DhPublic& responder) {
  SymmetricState state(kProtocolName);
  state.mix_hash(prologue);
  state.mix_hash(responder);
  return state;
}

/// The token `e`, written or read; in a psk pattern it is mixed into the key, too (§9.2).
void mix_ephemeral(SymmetricState& state, const crypto::DhPublic& ephemeral) {
  state.mix_hash(ephemeral);
  state.mix_key(ephemeral);
}

/// The tokens `es`, `ee`, `se`.
[[nodiscard]] bool mix_dh(SymmetricState& state, const crypto::DhKeyPair& mine,
                          const crypto::DhPublic& theirs) {
  const auto shared = crypto::dh(mine, theirs);
  if (!shared) return false;
  state.mix_key(shared->view());
  return true;
}

}  // namespace

Result<Bytes> CipherState::encrypt(ByteView ad, ByteView plaintext) {
  if (counter_ == kReservedCounter) return SessionError::kExhausted;
  return crypto::seal_chacha(key_, counter_++, ad, plaintext);
}

Result<Bytes> CipherState::decrypt(ByteView ad, ByteView ciphertext) {
  if (counter_ == kReservedCounter) return SessionError::kExhausted;
  auto plaintext = crypto::open_chacha(key_, counter_, ad, ciphertext);
  if (!plaintext) return SessionError::kCiphertext;
  ++counter_;
  return std::move(*plaintext);
}

void CipherState::rekey() {
  static constexpr std::array<Byte, kKeyBytes> kZeros{};
  Bytes sealed = crypto::seal_chacha(key_, kReservedCounter, {}, kZeros);
  key_ = crypto::Key(ByteView(sealed).first(kKeyBytes));
  crypto::wipe(sealed);
}

SymmetricState::SymmetricState(std::string_view protocol_name) {
  BLO_CHECK(protocol_name.size() <= hash_.size());
  std::ranges::copy(protocol_name, hash_.begin());
  chaining_key_ = crypto::Secret<64>(hash_);
}

void SymmetricState::mix_hash(ByteView data) { hash_ = crypto::blake2b({hash_, data}); }

void SymmetricState::mix_key(ByteView input) {
  Outputs out = hkdf(crypto::hmac_blake2b(chaining_key_.view(), {input}));
  chaining_key_ = std::move(out.first);
  cipher_ = CipherState(truncate(out.second));
}

void SymmetricState::mix_key_and_hash(ByteView input) {
  const auto temporary = crypto::hmac_blake2b(chaining_key_.view(), {input});
  Outputs out = hkdf(temporary);
  const auto third = hkdf_next(temporary, out.second.view(), 3);
  chaining_key_ = std::move(out.first);
  mix_hash(out.second.view());
  cipher_ = CipherState(truncate(third));
}

Result<Bytes> SymmetricState::encrypt_and_hash(ByteView plaintext) {
  BLO_CHECK(cipher_);
  auto ciphertext = cipher_->encrypt(hash_, plaintext);
  if (ciphertext) mix_hash(*ciphertext);
  return ciphertext;
}

Result<Bytes> SymmetricState::decrypt_and_hash(ByteView ciphertext) {
  BLO_CHECK(cipher_);
  auto plaintext = cipher_->decrypt(hash_, ciphertext);
  if (!plaintext) return SessionError::kHandshake;
  mix_hash(ciphertext);
  return plaintext;
}

std::pair<CipherState, CipherState> SymmetricState::split() const {
  const Outputs out = hkdf(crypto::hmac_blake2b(chaining_key_.view(), {}));
  return {CipherState(truncate(out.first)), CipherState(truncate(out.second))};
}

SymmetricState SymmetricState::clone() const {
  SymmetricState copy;
  copy.chaining_key_ = chaining_key_.clone();
  copy.hash_ = hash_;
  if (cipher_) copy.cipher_ = cipher_->clone();
  return copy;
}

Initiator::Initiator(ByteView prologue, const crypto::DhKeyPair& own,
                     const crypto::DhPublic& responder, const crypto::Key& psk,
                     std::optional<crypto::DhKeyPair> ephemeral)
    : symmetric_(begin(prologue, responder)),
      static_(own.clone()),
      ephemeral_(ephemeral ? std::move(*ephemeral) : crypto::DhKeyPair::generate()),
      responder_static_(responder),
      psk_(psk.clone()) {}

Result<Bytes> Initiator::write_message_1(ByteView payload) {  // -> e, es
  BLO_CHECK(done_ == 0);
  mix_ephemeral(symmetric_, ephemeral_.public_key);
  if (!mix_dh(symmetric_, ephemeral_, responder_static_)) return SessionError::kLowOrderKey;
  const auto sealed = symmetric_.encrypt_and_hash(payload);
  if (!sealed) return sealed.error();
  Bytes message = to_bytes(ByteView(ephemeral_.public_key));
  append(message, *sealed);
  done_ = 1;
  return message;
}

Result<Bytes> Initiator::read_message_2(ByteView message) {  // <- e, ee
  BLO_CHECK(done_ == 1);
  done_ = 0;
  if (message.size() < kMessage2Bytes) return SessionError::kHandshake;
  responder_ephemeral_ = public_key_from(message.first(kKeyBytes));
  mix_ephemeral(symmetric_, responder_ephemeral_);
  if (!mix_dh(symmetric_, ephemeral_, responder_ephemeral_)) return SessionError::kLowOrderKey;
  auto payload = symmetric_.decrypt_and_hash(message.subspan(kKeyBytes));
  if (payload) done_ = 2;
  return payload;
}

Result<Bytes> Initiator::write_message_3(ByteView payload) {  // -> s, se, psk
  BLO_CHECK(done_ == 2);
  auto sealed_static = symmetric_.encrypt_and_hash(static_.public_key);
  if (!sealed_static) return sealed_static.error();
  if (!mix_dh(symmetric_, static_, responder_ephemeral_)) return SessionError::kLowOrderKey;
  symmetric_.mix_key_and_hash(psk_.view());
  const auto sealed = symmetric_.encrypt_and_hash(payload);
  if (!sealed) return sealed.error();
  append(*sealed_static, *sealed);
  done_ = 3;
  return sealed_static;
}

Established Initiator::finish() const {
  BLO_CHECK(done_ == 3);
  auto [to_responder, to_initiator] = symmetric_.split();
  return {std::move(to_responder), std::move(to_initiator), symmetric_.hash(), responder_static_,
          crypto::sha256(psk_.view())};
}

Responder::Responder(ByteView prologue, const crypto::DhKeyPair& own,
                     std::optional<crypto::DhKeyPair> ephemeral)
    : symmetric_(begin(prologue, own.public_key)),
      static_(own.clone()),
      ephemeral_(ephemeral ? std::move(*ephemeral) : crypto::DhKeyPair::generate()) {}

Result<Bytes> Responder::read_message_1(ByteView message) {  // -> e, es
  BLO_CHECK(done_ == 0);
  if (message.size() < kMessage1Bytes) return SessionError::kHandshake;
  initiator_ephemeral_ = public_key_from(message.first(kKeyBytes));
  mix_ephemeral(symmetric_, initiator_ephemeral_);
  if (!mix_dh(symmetric_, static_, initiator_ephemeral_)) return SessionError::kLowOrderKey;
  auto payload = symmetric_.decrypt_and_hash(message.subspan(kKeyBytes));
  if (payload) done_ = 1;
  return payload;
}

Result<Bytes> Responder::write_message_2(ByteView payload) {  // <- e, ee
  BLO_CHECK(done_ == 1);
  mix_ephemeral(symmetric_, ephemeral_.public_key);
  if (!mix_dh(symmetric_, ephemeral_, initiator_ephemeral_)) return SessionError::kLowOrderKey;
  const auto sealed = symmetric_.encrypt_and_hash(payload);
  if (!sealed) return sealed.error();
  Bytes message = to_bytes(ByteView(ephemeral_.public_key));
  append(message, *sealed);
  done_ = 2;
  return message;
}

Result<Bytes> Responder::read_message_3(ByteView message, const PskLookup& lookup) {
  BLO_CHECK(done_ == 2);  // -> s, se, psk
  done_ = 0;
  constexpr std::size_t kSealedStaticBytes = kKeyBytes + crypto::kAeadTagBytes;
  if (message.size() < kMessage3Bytes) return SessionError::kHandshake;
  const auto opened = symmetric_.decrypt_and_hash(message.first(kSealedStaticBytes));
  if (!opened) return opened.error();
  initiator_static_ = public_key_from(*opened);
  if (!mix_dh(symmetric_, ephemeral_, initiator_static_)) return SessionError::kLowOrderKey;

  std::vector<crypto::Key> psks = lookup(initiator_static_);
  BLO_CHECK(psks.size() <= kPskTries);
  // Strangers, and peers with fewer secrets, cost as many tries as any other.
  while (psks.size() < kPskTries) psks.push_back(crypto::random_key());
  for (const crypto::Key& psk : psks) {
    SymmetricState attempt = symmetric_.clone();
    attempt.mix_key_and_hash(psk.view());
    auto payload = attempt.decrypt_and_hash(message.subspan(kSealedStaticBytes));
    if (!payload) continue;
    symmetric_ = std::move(attempt);
    psk_hash_ = crypto::sha256(psk.view());
    done_ = 3;
    return payload;
  }
  return SessionError::kHandshake;
}

Established Responder::finish() const {
  BLO_CHECK(done_ == 3);
  auto [to_responder, to_initiator] = symmetric_.split();
  return {std::move(to_initiator), std::move(to_responder), symmetric_.hash(), initiator_static_,
          psk_hash_};
}

Bytes session_prologue(std::string_view network, std::string_view responder_office) {
  Bytes prologue = to_bytes("blo/1");
  prologue.push_back(0);
  append(prologue, network);
  prologue.push_back(0);
  append(prologue, responder_office);
  return prologue;
}

}  // namespace blo::session
