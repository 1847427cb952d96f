// SHA-256 of what is too long to hold at once.
#ifndef BLO_CRYPTO_RUNNING_HASH_H
#define BLO_CRYPTO_RUNNING_HASH_H

#include <memory>

#include "crypto/hash.h"

namespace blo::crypto {

/// SHA-256 (FIPS 180-4) over everything that was put in. Moves, never copies.
class RunningSha256 {
 public:
  RunningSha256();
  RunningSha256(RunningSha256&&) noexcept;
  RunningSha256& operator=(RunningSha256&&) noexcept;
  ~RunningSha256();

  void put(ByteView bytes);
  /// Once; nothing is put in afterwards.
  [[nodiscard]] Hash finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace blo::crypto

#endif
