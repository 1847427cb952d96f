// Secrets: fixed size, in locked guarded memory, wiped when they go.
#ifndef BLO_CRYPTO_SECRET_H
#define BLO_CRYPTO_SECRET_H

#include <utility>

#include "base/bytes.h"
#include "base/check.h"

namespace blo::crypto {

/// Starts libsodium and tests that its point check refuses a mixed-order key (CVE-2025-69277).
/// Call once, first thing in main; false means: do not go on.
[[nodiscard]] bool initialise();

/// Slots of 64 bytes in `sodium_malloc` memory (locked, guarded, left out of core dumps). A slot is
/// wiped when it is given back. The arena has a lock of its own, so that pool workers may hold
/// secrets.
inline constexpr std::size_t kSecretSlotBytes = 64;
[[nodiscard]] Byte* take_secret_slot();
void give_secret_slot(Byte* slot) noexcept;
/// Whether the system keeps every slot so far out of swap. It does not where the process may lock
/// too little memory (RLIMIT_MEMLOCK); secrets work all the same then, and whoever looks after the
/// machine is to be told.
[[nodiscard]] bool secrets_are_locked();

void wipe(std::span<Byte> bytes) noexcept;
/// Wipes what the vector holds now; earlier reallocations are the caller's care (reserve first).
void wipe(Bytes& bytes) noexcept;
/// Constant time in the contents; sizes may differ and are not secret.
[[nodiscard]] bool equal_secret(ByteView a, ByteView b);

/// `N` secret bytes. Moves, copies only on request, compares in constant time, never prints.
template <std::size_t N>
class Secret {
  static_assert(N <= kSecretSlotBytes);

 public:
  Secret() : bytes_(take_secret_slot()) {}
  /// Copies exactly `N` bytes in. The source stays the caller's to wipe.
  explicit Secret(ByteView from) : Secret() {
    BLO_CHECK(from.size() == N);
    std::ranges::copy(from, bytes_);
  }
  Secret(Secret&& other) noexcept : bytes_(std::exchange(other.bytes_, nullptr)) {}
  Secret& operator=(Secret&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() {
    if (bytes_ != nullptr) give_secret_slot(bytes_);
  }

  [[nodiscard]] Secret clone() const { return Secret(view()); }
  [[nodiscard]] ByteView view() const { return {bytes_, N}; }
  [[nodiscard]] std::span<Byte, N> mutable_view() { return std::span<Byte, N>(bytes_, N); }
  [[nodiscard]] const Byte* data() const { return bytes_; }
  [[nodiscard]] Byte* data() { return bytes_; }
  static constexpr std::size_t size() { return N; }

  friend bool operator==(const Secret& a, const Secret& b) {
    return equal_secret(a.view(), b.view());
  }

 private:
  Byte* bytes_;
};

using Key = Secret<32>;

}  // namespace blo::crypto

#endif
