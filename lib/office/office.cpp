#include "office/office.h"

namespace blo::office {
namespace {

constexpr std::uint32_t kOfficerDaysMax = 3 * 366;

bool share_a_key(const identity::Certificate& a, const identity::Certificate& b) {
  return std::ranges::any_of(a.details().keys, [&](const auto& key) {
    return std::ranges::any_of(b.details().keys,
                               [&](const auto& other) { return other.key == key.key; });
  });
}

}  // namespace

Office::Office(OfficeKeys keys, std::unique_ptr<store::Store> store)
    : keys_(std::move(keys)), store_(std::move(store)) {}

Result<std::unique_ptr<Office>> Office::open(OfficeKeys keys,
                                             const std::filesystem::path& store_path) {
  auto store = store::Store::open(store_path, keys.id, keys.network, keys.store);
  if (!store) return store.error();
  std::unique_ptr<Office> office(new Office(std::move(keys), std::move(*store)));
  auto officers = office->store_->officers().all();
  if (!officers) return officers.error();
  office->officers_ = std::move(*officers);
  auto rows = office->store_->pairings().all();
  if (!rows) return rows.error();
  for (auto& row : *rows) {
    const std::string name = row.counterpart.text();
    auto pair = load_pair(*office->store_, office->keys_, std::move(row));
    if (!pair) return pair.error().within("pairing with " + name);
    office->pairs_.push_back(std::move(*pair));
  }
  office->outgoing_ = std::make_unique<Outgoing>(*office->store_, office->keys_, office->officers_);
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

const store::OfficerRow* Office::officer(const identity::Fingerprint& fingerprint) const {
  for (const auto& officer : officers_) {
    if (officer.certificate.fingerprint() == fingerprint) return &officer;
  }
  return nullptr;
}

Result<const store::OfficerRow*> Office::add_officer(ByteView request_bytes,
                                                     std::vector<identity::Role> roles,
                                                     std::uint32_t valid_days, Now now) {
  const auto request = identity::CertificateRequest::parse(request_bytes);
  if (!request) return request.error();
  if (request->kind != identity::CertificateKind::kOfficer || request->network != keys_.network ||
      request->subject != keys_.id.text()) {
    return Error(OfficeError::kWrongOffice, "officer's request");
  }
  std::ranges::sort(roles);
  roles.erase(std::unique(roles.begin(), roles.end()), roles.end());
  if (roles.empty() || valid_days == 0 || valid_days > kOfficerDaysMax) {
    return Error(OfficeError::kMalformed, "roles or validity");
  }
  for (const auto& officer : officers_) {
    const auto& keys = officer.certificate.details().keys;
    if (keys.front().key == request->keys.front().key)
      return Error(OfficeError::kDuplicate, "the officer's key");
  }
  const auto person = store_->officers().next_person();
  if (!person) return person.error();
  identity::CertificateDetails details;
  details.kind = identity::CertificateKind::kOfficer;
  details.network = keys_.network;
  details.subject = keys_.id.text();
  details.statement = to_unix_ms(now.wall);
  details.keys = request->keys;
  details.not_before = from_unix_s(to_unix_s(now.wall));
  details.not_after = std::min(details.not_before + std::chrono::days(valid_days),
                               keys_.certificate.details().not_after);
  details.issuer = keys_.certificate.fingerprint();
  details.person = *person;
  details.roles = std::move(roles);
  details.name_commitment = identity::commit_to_name(request->name_salt, request->name.encode());
  store::OfficerRow row{*person, identity::Certificate::issue(details, keys_.identity),
                        request->name, request->name_salt};
  auto transaction = store_->begin();
  if (!transaction) return transaction.error();
  if (const auto done = store_->officers().put(row); !done) return done.error();
  if (const auto done = transaction->commit(); !done) return done.error();
  officers_.push_back(std::move(row));
  return &officers_.back();
}

}  // namespace blo::office
