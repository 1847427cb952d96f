#include "crypto/dh.h"

#include <sodium.h>

namespace blo::crypto {

DhKeyPair DhKeyPair::generate() {
  Key secret;
  randombytes_buf(secret.data(), secret.size());
  return from_secret(secret);
}

DhKeyPair DhKeyPair::from_secret(const Key& secret) {
  DhPublic public_key;
  BLO_CHECK(crypto_scalarmult_base(public_key.data(), secret.data()) == 0);
  return {secret.clone(), public_key};
}

std::optional<Key> dh(const DhKeyPair& mine, const DhPublic& theirs) {
  Key shared;
  if (crypto_scalarmult(shared.data(), mine.secret.data(), theirs.data()) != 0) return std::nullopt;
  return shared;
}

}  // namespace blo::crypto
