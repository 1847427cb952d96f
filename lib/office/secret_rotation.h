// The pairing secret's successor: offered, answered, in use. docs/format/sync.md has the table.
#ifndef BLO_OFFICE_SECRET_ROTATION_H
#define BLO_OFFICE_SECRET_ROTATION_H

#include "office/pair.h"
#include "sync/frame.h"

namespace blo::office {

/// The rules of one pairing's rotation; every step is durable before what announces it is sent.
/// The office with the smaller id offers, the other answers:
///
///   offering:   current n ──offer──► ──answer: n+1 becomes current, n previous──► done
///   answering:  current n ──offer: n+1 becomes next──► answer ──done: n+1 becomes current──►
///
/// At any moment the offering side's current is the other's current or next, and while it is the
/// other's next, the other's current is the offering side's previous: a session can always begin.
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

  /// A session under the secret of that number has proven itself. True: the answering side is to
  /// be told, by done(), which secret is in use.
  [[nodiscard]] Result<bool> session_began(std::uint64_t number, WallTime now);
  /// The answering side has said something after done(): it uses the current secret, too.
  [[nodiscard]] Result<void> heard_done();

  /// Takes the place of whatever was offered before.
  [[nodiscard]] sync::SecretOffer offer();
  [[nodiscard]] Result<sync::SecretAnswer> answer(const sync::SecretOffer& offer, WallTime now);
  /// False: an answer to another offer than the newest; nothing happened.
  [[nodiscard]] Result<bool> take_answer(const sync::SecretAnswer& answer, WallTime now);
  [[nodiscard]] sync::SecretDone done() const { return {pair_.row.secret_number}; }
  [[nodiscard]] Result<void> take_done(const sync::SecretDone& done, WallTime now);

 private:
  [[nodiscard]] Result<crypto::Key> derive(std::uint64_t number, const std::array<Byte, 32>& offer,
                                           const std::array<Byte, 32>& answer) const;
  [[nodiscard]] Result<void> promote(const crypto::Key& next, WallTime now);
  [[nodiscard]] Result<void> promote_next(WallTime now);

  store::Store& store_;
  Pair& pair_;
  bool offers_;
};

/// A secret that may authenticate a session, and its number.
struct NumberedSecret {
  std::uint64_t number;
  crypto::Key secret;
};
/// Current, next and previous, as far as there are any.
[[nodiscard]] Result<std::vector<NumberedSecret>> usable_secrets(store::Store& store,
                                                                 const Pair& pair);

}  // namespace blo::office

#endif
