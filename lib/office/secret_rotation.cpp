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

Result<bool> SecretRotation::session_began(std::uint64_t number, WallTime now) {
  if (number == pair_.row.secret_number + 1) {
    if (const auto promoted = promote_next(now); !promoted) return promoted.error();
  }
  const auto previous = store_.pairings().previous_secret(pair_.row);
  if (!previous) return previous.error();
  if (!*previous) return false;
  if (offers_) return true;
  // The offering side never goes back: what it used once it has for good.
  if (number == pair_.row.secret_number) {
    if (const auto dropped = heard_done(); !dropped) return dropped.error();
  }
  return false;
}

Result<void> SecretRotation::heard_done() {
  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  if (const auto dropped = store_.pairings().drop_previous_secret(pair_.row); !dropped)
    return dropped;
  return transaction->commit();
}

sync::SecretOffer SecretRotation::offer() {
  BLO_CHECK(offers_);
  // A random of its own each time: with one offer answered twice, the sides could choose
  // different answers.
  pair_.offer = OpenOffer{pair_.row.secret_number + 1, crypto::random_array<32>()};
  return {pair_.offer->number, pair_.offer->random};
}

Result<sync::SecretAnswer> SecretRotation::answer(const sync::SecretOffer& offer, WallTime now) {
  if (offers_) return out_of_order("a secret's offer from the office with the larger id");
  // Who offers the one after next has the next in use.
  if (offer.number == pair_.row.secret_number + 2) {
    if (const auto promoted = promote_next(now); !promoted) return promoted.error();
  }
  const std::uint64_t number = pair_.row.secret_number + 1;
  if (offer.number != number) return out_of_order("the offered secret's number");
  const auto random = crypto::random_array<32>();
  const auto next = derive(number, offer.random, random);
  if (!next) return next.error();
  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  if (const auto put = store_.pairings().put_next_secret(pair_.row, *next); !put)
    return put.error();
  if (const auto done = transaction->commit(); !done) return done.error();
  return sync::SecretAnswer{number, crypto::sha256(offer.random), random};
}

Result<bool> SecretRotation::take_answer(const sync::SecretAnswer& answer, WallTime now) {
  if (!offers_) return out_of_order("a secret's answer from the office with the smaller id");
  if (!pair_.offer || answer.number != pair_.offer->number ||
      answer.offer_hash != crypto::sha256(pair_.offer->random)) {
    return false;
  }
  const auto next = derive(pair_.offer->number, pair_.offer->random, answer.random);
  if (!next) return next.error();
  if (const auto promoted = promote(*next, now); !promoted) return promoted.error();
  pair_.offer.reset();
  return true;
}

Result<void> SecretRotation::take_done(const sync::SecretDone& done, WallTime now) {
  if (offers_) return out_of_order("a secret's end from the office with the larger id");
  if (done.number == pair_.row.secret_number) return {};
  if (done.number != pair_.row.secret_number + 1) return out_of_order("the secret's number");
  return promote_next(now);
}

Result<crypto::Key> SecretRotation::derive(std::uint64_t number, const std::array<Byte, 32>& offer,
                                           const std::array<Byte, 32>& answer) const {
  const auto current = store_.pairings().secret(pair_.row);
  if (!current) return current.error();
  return identity::next_pairing_secret(*current, number, offer, answer, pair_.ours, *pair_.theirs);
}

Result<void> SecretRotation::promote(const crypto::Key& next, WallTime now) {
  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  store::PairingRow row = pair_.row;
  if (const auto done = store_.pairings().promote_secret(row, next, now); !done) return done;
  if (const auto done = transaction->commit(); !done) return done;
  pair_.row = std::move(row);
  return {};
}

Result<void> SecretRotation::promote_next(WallTime now) {
  const auto next = store_.pairings().next_secret(pair_.row);
  if (!next) return next.error();
  if (!*next) return out_of_order("a secret that was never agreed");
  return promote(**next, now);
}

Result<std::vector<NumberedSecret>> usable_secrets(store::Store& store, const Pair& pair) {
  auto current = store.pairings().secret(pair.row);
  if (!current) return current.error();
  auto next = store.pairings().next_secret(pair.row);
  if (!next) return next.error();
  auto previous = store.pairings().previous_secret(pair.row);
  if (!previous) return previous.error();
  const std::uint64_t number = pair.row.secret_number;
  std::vector<NumberedSecret> secrets;
  secrets.push_back({number, std::move(*current)});
  if (*next) secrets.push_back({number + 1, std::move(**next)});
  if (*previous) secrets.push_back({number - 1, std::move(**previous)});
  return secrets;
}

}  // namespace blo::office
