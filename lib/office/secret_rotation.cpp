#include "office/secret_rotation.h"

#include "base/limits.h"
#include "crypto/random.h"

namespace blo::office {
namespace {

Error out_of_order(const char* what) { return {sync::SyncError::kOutOfOrder, what}; }

}  // namespace

bool SecretRotation::due(WallTime now) const {
  const auto age = now - pair_.row.secret_since;
  // A clock that ran ahead for a while must not keep the secret for as long.
  return age > limits::kPairingSecretAgeMax || age < -limits::kClockSkewMax;
}

Result<bool> SecretRotation::session_began(const crypto::Hash& used, WallTime now) {
  const auto current = store_.pairings().secret(pair_.row);
  if (!current) return current.error();
  const auto next = store_.pairings().next_secret(pair_.row);
  if (!next) return next.error();
  const bool under_next = *next && used == psk_hash(**next);
  if (!under_next && used != psk_hash(*current)) return false;
  if (!*next) return true;
  if (const auto settled = under_next ? promote(**next, now) : drop_next(); !settled)
    return settled.error();
  return true;
}

sync::SecretOffer SecretRotation::offer() {
  BLO_CHECK(offers_);
  // A random of its own each time: with one offer answered twice, the sides could choose
  // different answers.
  pair_.offer = OpenOffer{pair_.row.secret_number + 1, crypto::random_array<32>()};
  return {pair_.offer->number, pair_.offer->random};
}

Result<sync::SecretAnswer> SecretRotation::answer(const sync::SecretOffer& offer) {
  if (offers_) return out_of_order("a secret's offer from the office with the larger id");
  const std::uint64_t number = pair_.row.secret_number + 1;
  if (offer.number != number) return out_of_order("the offered secret's number");
  const auto random = crypto::random_array<32>();
  if (const auto put = put_next(number, offer.random, random); !put) return put.error();
  return sync::SecretAnswer{number, crypto::sha256(offer.random), random};
}

Result<bool> SecretRotation::take_answer(const sync::SecretAnswer& answer) {
  if (!offers_) return out_of_order("a secret's answer from the office with the smaller id");
  if (!pair_.offer || answer.number != pair_.offer->number ||
      answer.offer_hash != crypto::sha256(pair_.offer->random)) {
    return false;
  }
  if (const auto put = put_next(pair_.offer->number, pair_.offer->random, answer.random); !put)
    return put.error();
  pair_.offer.reset();
  return true;
}

Result<void> SecretRotation::put_next(std::uint64_t number, const std::array<Byte, 32>& offer,
                                      const std::array<Byte, 32>& answer) {
  const auto current = store_.pairings().secret(pair_.row);
  if (!current) return current.error();
  const crypto::Key next =
      identity::next_pairing_secret(*current, number, offer, answer, pair_.ours, *pair_.theirs);
  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  if (const auto put = store_.pairings().put_next_secret(pair_.row, next); !put) return put;
  return transaction->commit();
}

Result<void> SecretRotation::promote(const crypto::Key& next, WallTime now) {
  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  store::PairingRow row = pair_.row;
  if (const auto done = store_.pairings().promote_secret(row, next, now); !done) return done;
  if (const auto done = transaction->commit(); !done) return done;
  pair_.row = std::move(row);
  // What was offered follows from the secret that is over.
  pair_.offer.reset();
  return {};
}

Result<void> SecretRotation::drop_next() {
  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  if (const auto dropped = store_.pairings().drop_next_secret(pair_.row); !dropped) return dropped;
  return transaction->commit();
}

crypto::Hash psk_hash(const crypto::Key& secret) {
  return crypto::sha256(identity::noise_psk(secret).view());
}

Result<std::vector<crypto::Key>> usable_secrets(store::Store& store, const Pair& pair) {
  auto current = store.pairings().secret(pair.row);
  if (!current) return current.error();
  auto next = store.pairings().next_secret(pair.row);
  if (!next) return next.error();
  std::vector<crypto::Key> secrets;
  if (*next) secrets.push_back(std::move(**next));
  secrets.push_back(std::move(*current));
  return secrets;
}

}  // namespace blo::office
