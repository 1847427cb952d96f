#include "crypto/sign.h"

#include <sodium.h>

#include "crypto/pointer.h"

namespace blo::crypto {
namespace {

Bytes prefixed(Purpose purpose, std::initializer_list<ByteView> parts) {
  Bytes bytes(prefix(purpose).begin(), prefix(purpose).end());
  for (const ByteView part : parts) append(bytes, part);
  return bytes;
}

template <std::size_t N>
constexpr ByteView literal(const char (&text)[N]) {
  return {reinterpret_cast<const Byte*>(text), N};  // the terminating zero belongs to the prefix
}

}  // namespace

Signature sign_raw(const SigningKey& key, ByteView bytes) {
  Signature signature;
  BLO_CHECK(crypto_sign_detached(signature.data(), nullptr, pointer(bytes), bytes.size(),
                                 key.expanded_.data()) == 0);
  return signature;
}

std::optional<VerifyKey> VerifyKey::enrol(ByteView bytes) {
  std::array<Byte, 32> key;
  if (!copy_exact(bytes, key) || crypto_core_ed25519_is_valid_point(key.data()) != 1) {
    return std::nullopt;
  }
  return VerifyKey(key);
}

SigningKey SigningKey::generate() {
  Key seed;
  randombytes_buf(seed.data(), seed.size());
  return from_seed(seed);
}

SigningKey SigningKey::from_seed(const Key& seed) {
  std::array<Byte, 32> public_bytes;
  Secret<64> expanded;
  BLO_CHECK(crypto_sign_seed_keypair(public_bytes.data(), expanded.data(), seed.data()) == 0);
  const auto verify_key = VerifyKey::enrol(public_bytes);
  BLO_CHECK(verify_key.has_value());
  return {seed.clone(), std::move(expanded), *verify_key};
}

ByteView prefix(Purpose purpose) {
  switch (purpose) {
    case Purpose::kCertificate: return literal("blo/certificate/v1");
    case Purpose::kCertificateRequest: return literal("blo/certificate-request/v1");
    case Purpose::kEnvelope: return literal("blo/envelope/v1");
    case Purpose::kRelease: return literal("blo/release/v1");
    case Purpose::kControlRequest: return literal("blo/control-request/v1");
    case Purpose::kLeafReceipt: return literal("blo/leaf-receipt/v1");
    case Purpose::kPairing: return literal("blo/pairing/v1");
    case Purpose::kRevocation: return literal("blo/revocation/v1");
  }
  check_failed("unknown signing purpose", __FILE__, __LINE__);
}

Signature sign(Purpose purpose, const SigningKey& key, std::initializer_list<ByteView> parts) {
  return sign_raw(key, prefixed(purpose, parts));
}

bool verify(Purpose purpose, const VerifyKey& key, std::initializer_list<ByteView> parts,
            const Signature& signature) {
  return verify_note_bytes(key, prefixed(purpose, parts), signature);
}

Signature sign_note_bytes(const SigningKey& key, ByteView bytes) { return sign_raw(key, bytes); }

bool verify_note_bytes(const VerifyKey& key, ByteView bytes, const Signature& signature) {
  return crypto_sign_verify_detached(signature.data(), pointer(bytes), bytes.size(),
                                     key.bytes().data()) == 0;
}

}  // namespace blo::crypto
