#include "crypto/running_hash.h"

#include <sodium.h>

namespace blo::crypto {

struct RunningSha256::State {
  crypto_hash_sha256_state hash;
};

RunningSha256::RunningSha256() : state_(std::make_unique<State>()) {
  BLO_CHECK(crypto_hash_sha256_init(&state_->hash) == 0);
}
RunningSha256::RunningSha256(RunningSha256&&) noexcept = default;
RunningSha256& RunningSha256::operator=(RunningSha256&&) noexcept = default;
RunningSha256::~RunningSha256() = default;

void RunningSha256::put(ByteView bytes) {
  BLO_CHECK(crypto_hash_sha256_update(&state_->hash, bytes.data(), bytes.size()) == 0);
}

Hash RunningSha256::finish() {
  Hash hash;
  BLO_CHECK(crypto_hash_sha256_final(&state_->hash, hash.data()) == 0);
  return hash;
}

}  // namespace blo::crypto
