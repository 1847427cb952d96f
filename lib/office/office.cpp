#include "office/office.h"

namespace blo::office {
namespace {

constexpr milliseconds kTrailHeadEvery{24LL * 60 * 60 * 1000};

bool share_a_key(const identity::Certificate& a, const identity::Certificate& b) {
  return std::ranges::any_of(a.details().keys, [&](const auto& key) {
    return std::ranges::any_of(b.details().keys,
                               [&](const auto& other) { return other.key == key.key; });
  });
}

}  // namespace

Office::Office(OfficeKeys keys, std::unique_ptr<store::Store> store)
    : keys_(std::move(keys)),
      store_(std::move(store)),
      officers_(*store_, keys_),
      trail_(*store_, keys_) {}

Result<std::unique_ptr<Office>> Office::open(OfficeKeys keys,
                                             const std::filesystem::path& store_path) {
  auto store = store::Store::open(store_path, keys.id, keys.network, keys.store);
  if (!store) return store.error();
  std::unique_ptr<Office> office(new Office(std::move(keys), std::move(*store)));
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
  office->outgoing_ =
      std::make_unique<Outgoing>(*office->store_, office->keys_, office->officers_, office->trail_);
  office->incoming_ = std::make_unique<Incoming>(*office->store_, office->keys_);
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
  std::vector<crypto::Key> psks;
  const Pair* pair = find_by_transport_key(key);
  if (pair == nullptr) return psks;
  const auto secret = store_->pairings().secret(pair->row);
  if (secret) psks.push_back(identity::noise_psk(*secret));
  return psks;
}

Result<Pair*> Office::invite(const OfficeId& counterpart, std::vector<std::string> addresses,
                             Now now) {
  // An unanswered invitation is given again. One whose digits were not confirmed is made anew, for
  // a file may have been changed on the way.
  auto* existing = slot(counterpart);
  if (existing != nullptr && (*existing)->row.state != store::PairingState::kAccepted) {
    return existing->get();
  }
  const store::PairingRow* before = existing != nullptr ? &(*existing)->row : nullptr;
  auto pair = office::invite(*store_, keys_, counterpart, std::move(addresses), before, now);
  if (!pair) return pair.error();
  if (existing != nullptr) {
    **existing = std::move(**pair);
    return existing->get();
  }
  pairs_.push_back(std::move(*pair));
  return pairs_.back().get();
}

Result<Pair*> Office::accept(ByteView their_file, Now now) {
  const auto theirs = identity::PairingFile::parse(their_file, now.wall);
  if (!theirs) return theirs.error();
  auto* pair = slot(theirs->from);
  if (pair == nullptr) return Error(OfficeError::kNotInvited, theirs->from.text());
  for (const auto& other : pairs_) {
    if (other != *pair && other->theirs && share_a_key(other->theirs->office, theirs->office)) {
      return Error(OfficeError::kKeyInUse, theirs->from.text());
    }
  }
  if (const auto done = office::accept(*store_, keys_, *pair, their_file, now); !done)
    return done.error();
  return pair->get();
}

Result<Pair*> Office::confirm(const OfficeId& counterpart, std::string_view digits, Now now) {
  auto* pair = slot(counterpart);
  if (pair == nullptr) return Error(OfficeError::kUnknownCounterpart, counterpart.text());
  if (const auto done = office::confirm(*store_, keys_, *pair, digits, now); !done)
    return done.error();
  return pair->get();
}

Result<bool> Office::date_trail(Now now) {
  const auto head = trail_.head();
  if (!head) return false;
  const journal::TrailHead record{crypto::sha256(as_bytes(head->note.text))};
  bool entered = false;
  for (const auto& pair : pairs_) {
    if (!pair->carries_messages() || now.wall - pair->sent->trail_head < kTrailHeadEvery) continue;
    auto transaction = store_->begin();
    if (!transaction) return transaction.error();
    std::optional<journal::Checkpoint> receipted;
    if (pair->received->head) receipted = pair->received->head->checkpoint;
    Writer writer(*store_, pair->sent->row, now.wall, receipted);
    if (const auto added = writer.add_record(record); !added) return added.error();
    if (const auto done = writer.finish(); !done) return done.error();
    if (const auto done = transaction->commit(); !done) return done.error();
    pair->sent->row = writer.row();
    pair->sent->trail_head = pair->sent->row.last_stamp.time;
    entered = true;
  }
  return entered;
}

}  // namespace blo::office
