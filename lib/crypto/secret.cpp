#include "crypto/secret.h"

#include <sodium.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <mutex>

namespace blo::crypto {
namespace {

/// A free list threaded through its own slots. Blocks live as long as the process.
class SecretArena {
 public:
  Byte* take() {
    const std::lock_guard lock(mutex_);
    if (free_ == nullptr) grow();
    Slot* slot = free_;
    free_ = slot->next;
    slot->next = nullptr;
    return reinterpret_cast<Byte*>(slot);
  }

  [[nodiscard]] bool locked() {
    const std::lock_guard lock(mutex_);
    return locked_;
  }

  void give(Byte* bytes) noexcept {
    sodium_memzero(bytes, kSecretSlotBytes);
    const std::lock_guard lock(mutex_);
    Slot* slot = reinterpret_cast<Slot*>(bytes);
    slot->next = free_;
    free_ = slot;
  }

 private:
  union Slot {
    Slot* next;
    Byte bytes[kSecretSlotBytes];
  };
  static constexpr std::size_t kSlotsPerBlock = 256;

  void grow() {
    auto* block = static_cast<Slot*>(sodium_allocarray(kSlotsPerBlock, sizeof(Slot)));
    BLO_CHECK(block != nullptr);
    sodium_memzero(block, kSlotsPerBlock * sizeof(Slot));
    locked_ = is_locked(block, kSlotsPerBlock * sizeof(Slot)) && locked_;
    for (std::size_t i = 0; i < kSlotsPerBlock; ++i) {
      block[i].next = free_;
      free_ = &block[i];
    }
  }

  /// sodium_malloc() locks what it gives and keeps to itself where it cannot; to lock what is
  /// locked costs nothing. The kernel is asked, for a sanitizer's mlock() does nothing and says
  /// yes.
  static bool is_locked(const void* block, std::size_t bytes) {
    return ::syscall(SYS_mlock, block, bytes) == 0;
  }

  std::mutex mutex_;
  Slot* free_ = nullptr;
  bool locked_ = true;  // all blocks
};

SecretArena& arena() {
  static SecretArena& forever = *new SecretArena;
  return forever;
}

/// A point with a low-order component, from the CCTV Ed25519 vectors (C2SP/CCTV, flag
/// low_order_component_A without low_order_A): libsodium before 1.0.18-1+deb12u1 took it for valid.
bool refuses_mixed_order_points() {
  // The base point plus the point of order two, (0, -1): x becomes -x and y becomes -y.
  Byte base[crypto_core_ed25519_BYTES];
  Byte one[crypto_core_ed25519_SCALARBYTES] = {1};
  if (crypto_scalarmult_ed25519_base_noclamp(base, one) != 0) return false;
  Byte order_two[crypto_core_ed25519_BYTES];
  order_two[0] = 0xec;
  for (std::size_t i = 1; i < sizeof order_two - 1; ++i) order_two[i] = 0xff;
  order_two[sizeof order_two - 1] = 0x7f;
  Byte mixed[crypto_core_ed25519_BYTES];
  // crypto_core_ed25519_add adds points of any order.
  if (crypto_core_ed25519_add(mixed, base, order_two) != 0) return false;
  return crypto_core_ed25519_is_valid_point(base) == 1 &&
         crypto_core_ed25519_is_valid_point(mixed) == 0;
}

}  // namespace

bool initialise() { return sodium_init() >= 0 && refuses_mixed_order_points(); }

Byte* take_secret_slot() { return arena().take(); }
void give_secret_slot(Byte* slot) noexcept { arena().give(slot); }
bool secrets_are_locked() { return arena().locked(); }

void wipe(std::span<Byte> bytes) noexcept { sodium_memzero(bytes.data(), bytes.size()); }
void wipe(Bytes& bytes) noexcept { sodium_memzero(bytes.data(), bytes.size()); }

bool equal_secret(ByteView a, ByteView b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace blo::crypto
