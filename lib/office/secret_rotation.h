// The pairing secret's successor: offered, answered, in use. docs/format/sync.md has the table.
#ifndef BLO_OFFICE_SECRET_ROTATION_H
#define BLO_OFFICE_SECRET_ROTATION_H

#include "office/pair.h"
#include "sync/frame.h"

namespace blo::office {

/// Tells which secret authenticated a session: SHA-256 of the secret's Noise PSK.
[[nodiscard]] crypto::Hash psk_hash(const crypto::Key& secret);

/// The rules of one pairing's rotation; every step is durable before what announces it is sent.
/// The office with the smaller id offers, the other answers:
///
///   offering:   current n ──offer──► ──answer: n+1 becomes next──► the session ends
///   answering:  current n ──offer: n+1 becomes next──► answer
///   both:       a session under next has compared heads: n+1 becomes current, n is destroyed
///               a session under current has: next is destroyed
///
/// A session proves what both sides hold; what one of them says does not. So current is the same at
/// both, or one's current is the other's next: a session can always begin, whoever lies.
class SecretRotation {
 public:
  /// `pair` is confirmed. All outlive this.
  SecretRotation(store::Store& store, const OfficeKeys& keys, Pair& pair)
      : store_(store), pair_(pair), offers_(keys.id < pair.counterpart()) {}

  /// This office is the one that offers.
  [[nodiscard]] bool offers() const { return offers_; }
  /// The secret is older than limits::kPairingSecretAgeMax, was declared old, or has a date that
  /// lies ahead.
  [[nodiscard]] bool due(WallTime now) const;

  /// A session under the secret with that psk_hash() has compared heads. False: the secret was
  /// replaced meanwhile.
  [[nodiscard]] Result<bool> session_began(const crypto::Hash& used, WallTime now);

  /// Takes the place of whatever was offered before.
  [[nodiscard]] sync::SecretOffer offer();
  [[nodiscard]] Result<sync::SecretAnswer> answer(const sync::SecretOffer& offer);
  /// True: the next secret is agreed, and the next session is to be under it. False: an answer to
  /// another offer than the newest; nothing happened.
  [[nodiscard]] Result<bool> take_answer(const sync::SecretAnswer& answer);

 private:
  [[nodiscard]] Result<void> put_next(std::uint64_t number, const std::array<Byte, 32>& offer,
                                      const std::array<Byte, 32>& answer);
  [[nodiscard]] Result<void> promote(const crypto::Key& next, WallTime now);
  [[nodiscard]] Result<void> drop_next();

  store::Store& store_;
  Pair& pair_;
  bool offers_;
};

/// What may authenticate a session: next, if there is one, and current. Who dials tries the first,
/// and after each session that the other side did not take, another one.
[[nodiscard]] Result<std::vector<crypto::Key>> usable_secrets(store::Store& store,
                                                              const Pair& pair);

}  // namespace blo::office

#endif
