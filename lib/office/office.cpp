#include "office/office.h"

#include "crypto/random.h"

namespace blo::office {
namespace {

constexpr milliseconds kTrailHeadEvery{24LL * 60 * 60 * 1000};

bool share_a_key(const identity::Certificate& a, const identity::Certificate& b) {
  return std::ranges::any_of(a.details().keys, [&](const auto& key) {
    return std::ranges::any_of(b.details().keys,
                               [&](const auto& other) { return other.key == key.key; });
  });
}

/// The steady clock counts from one to the next; at the beginning of a run the stamp of the last
/// says when it was, unless it is ahead: nobody waits for that time to come.
bool trail_head_is_due(const Pair& pair, Now now) {
  if (pair.trail_headed) return now.steady - *pair.trail_headed >= kTrailHeadEvery;
  const auto age = now.wall - pair.sent->trail_head;
  return age >= kTrailHeadEvery || age < -limits::kClockSkewMax;
}

/// 0 says nothing.
std::uint64_t new_start_number() { return read_be<std::uint64_t>(crypto::random_array<8>()) | 1U; }

}  // namespace

Office::Office(OfficeKeys keys, std::unique_ptr<store::Store> store)
    : keys_(std::move(keys)),
      start_number_(new_start_number()),
      store_(std::move(store)),
      officers_(*store_, keys_),
      trail_(*store_, keys_, officers_, clock_),
      alarms_(*store_),
      clock_(*store_, keys_),
      scrub_(*store_) {}

Result<std::unique_ptr<Office>> Office::open(OfficeKeys keys,
                                             const std::filesystem::path& store_path) {
  auto store = store::Store::open(store_path, keys.id, keys.network, keys.store);
  if (!store) return store.error();
  return over(std::move(keys), std::move(*store));
}

Result<std::unique_ptr<Office>> Office::over(OfficeKeys keys, std::unique_ptr<store::Store> store) {
  std::unique_ptr<Office> office(new Office(std::move(keys), std::move(store)));
  if (const auto loaded = office->officers_.load(); !loaded) return loaded.error();
  if (const auto loaded = office->trail_.load(); !loaded) return loaded.error().within("trail");
  auto rows = office->store_->pairings().all();
  if (!rows) return rows.error();
  for (auto& row : *rows) {
    const std::string name = row.counterpart.text();
    auto pair = load_pair(*office->store_, office->keys_, std::move(row));
    if (!pair) return pair.error().within("pairing with " + name);
    office->pairs_.push_back(std::move(*pair));
  }
  const auto put_back = office->store_->put_back();
  if (!put_back) return put_back.error();
  office->put_back_ = put_back->has_value();
  office->trail_.doubt_while([&put_back = office->put_back_, &pairs = office->pairs_] {
    if (put_back) return Trail::Doubt::kPutBack;
    return std::ranges::any_of(pairs, [](const auto& pair) { return pair->may_be_old(); })
               ? Trail::Doubt::kMayBeOld
               : Trail::Doubt::kNone;
  });
  const auto loaded = office->clock_.load([&pairs = office->pairs_](const auto& add) {
    for (const auto& pair : pairs) {
      if (pair->sent && pair->sent->row.size() > 0) add(pair->sent->row.last_stamp.time);
    }
  });
  if (!loaded) return loaded.error();
  office->outgoing_ = std::make_unique<Outgoing>(*office->store_, office->keys_, office->officers_,
                                                 office->trail_, office->clock_);
  office->drafts_ = std::make_unique<Drafts>(*office->store_, office->officers_, office->trail_,
                                             office->clock_, *office->outgoing_);
  office->incoming_ =
      std::make_unique<Incoming>(*office->store_, office->keys_, office->alarms_, office->clock_);
  return office;
}

std::unique_ptr<Pair>* Office::slot(const OfficeId& counterpart) {
  for (auto& pair : pairs_) {
    if (pair->counterpart() == counterpart) return &pair;
  }
  return nullptr;
}

Pair* Office::find(const OfficeId& counterpart) const {
  for (const auto& pair : pairs_) {
    if (pair->counterpart() == counterpart) return pair.get();
  }
  return nullptr;
}

Pair* Office::find_by_transport_key(const crypto::DhPublic& key) const {
  for (const auto& pair : pairs_) {
    // A frozen pairing answers, too: the counterpart is told that it is frozen.
    if (!pair->carries_messages() && pair->row.state != store::PairingState::kFrozen) continue;
    if (pair->theirs->office.details().dh_key(identity::KeyUse::kTransport) == key)
      return pair.get();
  }
  return nullptr;
}

std::vector<crypto::Key> Office::psks(const crypto::DhPublic& key) const {
  const Pair* pair = find_by_transport_key(key);
  if (pair == nullptr) return {};
  const auto secrets = usable_secrets(*store_, *pair);
  std::vector<crypto::Key> psks;
  if (!secrets) return psks;
  for (const auto& secret : *secrets) psks.push_back(identity::noise_psk(secret));
  return psks;
}

Result<void> Office::rotate(Pair& pair) {
  const std::string name = pair.counterpart().text();
  if (pair.row.state == store::PairingState::kEnded) return Error(OfficeError::kEnded, name);
  if (pair.row.state == store::PairingState::kFrozen) return Error(OfficeError::kFrozen, name);
  if (!pair.carries_messages()) return Error(OfficeError::kUnconfirmed, name);
  if (pair.counterpart() < keys_.id) return Error(OfficeError::kOtherOffers, name);
  auto transaction = store_->begin();
  if (!transaction) return transaction.error();
  store::PairingRow row = pair.row;
  if (const auto done = store_->pairings().outdate_secret(row); !done) return done;
  if (const auto done = transaction->commit(); !done) return done;
  pair.row = std::move(row);
  return {};
}

Result<Pair*> Office::invite(Invitation invitation, Now now) {
  if (const auto fine = clock_.check(now); !fine) return fine.error();
  auto* existing = slot(invitation.counterpart);
  if (existing != nullptr) {
    const auto& row = (*existing)->row;
    if (row.state == store::PairingState::kEnded)
      return Error(OfficeError::kEnded, invitation.counterpart.text());
    if ((*existing)->ours.your_journal && row.state <= store::PairingState::kAccepted)
      return Error(OfficeError::kPairAgain, invitation.counterpart.text());
    // An unanswered invitation is given again. One whose digits were not confirmed is made anew,
    // for a file may have been changed on the way.
    const bool another = row.state == store::PairingState::kInvited &&
                         (*existing)->ours.legal_basis != invitation.legal_basis;
    if (row.state != store::PairingState::kAccepted && !another) return existing->get();
  }
  const store::PairingRow* before = existing != nullptr ? &(*existing)->row : nullptr;
  auto pair = office::invite(*store_, keys_, std::move(invitation), before, now);
  if (!pair) return pair.error();
  if (existing != nullptr) {
    **existing = std::move(**pair);
    return existing->get();
  }
  pairs_.push_back(std::move(*pair));
  return pairs_.back().get();
}

Result<Pair*> Office::pair_again(AnotherInvitation invitation, Now now) {
  if (const auto fine = clock_.check(now); !fine) return fine.error();
  auto* known = slot(invitation.counterpart);
  const std::string name = invitation.counterpart.text();
  const bool paired = known != nullptr && (*known)->row.state != store::PairingState::kInvited &&
                      (*known)->row.state != store::PairingState::kAccepted;
  if (paired) {
    if (!invitation.their_file.empty()) return Error(OfficeError::kAlreadyPaired, name);
    const auto offered = offer_again(*store_, keys_, **known, std::move(invitation), now);
    if (!offered) return offered.error();
    return known->get();
  }
  if (invitation.their_file.empty()) {
    return Error(known == nullptr ? OfficeError::kUnknownCounterpart : OfficeError::kPairAgain,
                 name);
  }
  auto pair = offer_after_loss(*store_, keys_, alarms_, std::move(invitation),
                               known != nullptr ? &(*known)->row : nullptr, now);
  if (!pair) return pair.error();
  if (known != nullptr) {
    **known = std::move(**pair);
    return known->get();
  }
  pairs_.push_back(std::move(*pair));
  return pairs_.back().get();
}

Result<void> Office::begin_trail_after_loss(ByteView their_file, Now now) {
  if (!pairs_.empty() || !parse_after_loss(keys_, their_file, now)) return {};
  if (const auto fine = clock_.check(now); !fine) return fine;
  auto transaction = store_->begin();
  if (!transaction) return transaction.error();
  Trail::Addition addition(trail_, now);
  if (const auto begun = addition.begin_after_loss(); !begun) return begun;
  if (const auto done = addition.finish(); !done) return done;
  if (const auto done = transaction->commit(); !done) return done;
  addition.keep();
  return store_->wipe_leftovers();
}

Result<Pair*> Office::accept(ByteView their_file, Now now) {
  if (const auto fine = clock_.check(now); !fine) return fine.error();
  const auto theirs = identity::PairingFile::parse(their_file, now.wall);
  if (!theirs) return theirs.error();
  auto* pair = slot(theirs->from);
  if (pair == nullptr) return Error(OfficeError::kNotInvited, theirs->from.text());
  for (const auto& other : pairs_) {
    if (other != *pair && other->theirs && share_a_key(other->theirs->office, theirs->office)) {
      return Error(OfficeError::kKeyInUse, theirs->from.text());
    }
  }
  if (const auto done = office::accept(*store_, keys_, *pair, their_file, now); !done) {
    if (done.error() != OfficeError::kChangedKey) return done.error();
    const auto raised = alarms_.raise(
        {AlarmCode::kKeyChanged, theirs->from.text(),
         "A pairing file of " + theirs->from.text() + " has other keys than the ones paired with",
         "Call its security officer on a known number, and ask how the file came to be.", ""},
        now);
    return raised ? done.error() : raised.error();
  }
  return pair->get();
}

Result<Pair*> Office::confirm(const OfficeId& counterpart, const Comparison& comparison, Now now) {
  if (const auto fine = clock_.check(now); !fine) return fine.error();
  auto* pair = slot(counterpart);
  if (pair == nullptr) return Error(OfficeError::kUnknownCounterpart, counterpart.text());
  if (const auto done = office::confirm(*store_, keys_, *pair, comparison, clock_.dating(now), now);
      !done)
    return done.error();
  if (const auto done = catch_up(**pair, now); !done) return done.error();
  return pair->get();
}

Result<bool> Office::date_trail(Now now) {
  const auto head = trail_.head();
  if (!head || !keys_.certificate.details().valid_at(now.wall) || !clock_.believed(now))
    return false;
  const journal::TrailHead record{crypto::sha256(as_bytes(head->note.text))};
  bool entered = false;
  for (const auto& pair : pairs_) {
    if (!pair->carries_messages() || !trail_head_is_due(*pair, now)) continue;
    auto transaction = store_->begin();
    if (!transaction) return transaction.error();
    Writer writer(*store_, pair->sent->row, clock_.dating(now), pair->receipted());
    if (const auto added = writer.add_record(record); !added) return added.error();
    if (const auto done = writer.finish(); !done) return done.error();
    if (const auto done = transaction->commit(); !done) return done.error();
    pair->sent->row = writer.row();
    pair->sent->trail_head = writer.time().time;
    pair->trail_headed = now.steady;
    entered = true;
  }
  return entered;
}

}  // namespace blo::office
