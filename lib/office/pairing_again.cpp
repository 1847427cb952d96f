#include "office/pairing_again.h"

#include "crypto/random.h"

namespace blo::office {
namespace {

identity::Certificate first_journal(const Pair& pair, bool sent) {
  auto certificate = identity::Certificate::parse(pair.generations(sent).front()->certificate);
  BLO_CHECK(certificate.has_value());  // verified before it was stored
  return std::move(*certificate);
}

Result<void> check_paired(const Pair& pair) {
  const std::string& name = pair.counterpart().text();
  switch (pair.row.state) {
    case store::PairingState::kInvited:
    case store::PairingState::kAccepted: return Error(OfficeError::kPairAgain, name);
    case store::PairingState::kEnded: return Error(OfficeError::kEnded, name);
    case store::PairingState::kConfirmed:
    case store::PairingState::kFrozen: break;
  }
  return {};
}

/// The office's certificate as the two are paired under it: its journals hang on that one.
Result<void> check_own_certificate(const OfficeKeys& keys, const Pair& pair, Now now) {
  const auto& ours = pair.ours;
  if (ours.office.details().verify_key(identity::KeyUse::kIdentity) != keys.identity.verify_key())
    return Error(OfficeError::kChangedKey, keys.id.text());
  return identity::check_office(ours.authority, ours.office, now.wall);
}

}  // namespace

Result<void> offer_again(store::Store& store, const OfficeKeys& keys, Pair& pair,
                         AnotherInvitation invitation, Now now) {
  if (const auto paired = check_paired(pair); !paired) return paired;
  if (const auto valid = check_own_certificate(keys, pair, now); !valid) return valid;
  auto addresses = invitation.addresses.empty() ? pair.ours.addresses : invitation.addresses;
  if (pair.again && !pair.again->theirs && pair.again->ours.addresses == addresses) return {};
  std::string basis =
      pair.ours.legal_basis.empty() ? invitation.legal_basis : pair.ours.legal_basis;
  if (basis.empty()) return Error(OfficeError::kNoLegalBasis, pair.counterpart().text());
  const auto one_time = crypto::DhKeyPair::generate();
  auto file = identity::make_pairing_file(
      {pair.ours.authority, pair.ours.office, first_journal(pair, true), pair.counterpart(),
       one_time.public_key, crypto::random_array<32>(), std::move(addresses), std::move(basis),
       first_journal(pair, false)},
      keys.identity);
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  store::PairingRow row = pair.row;
  const auto offered = store.pairings().offer_again(row, file.bytes, one_time);
  if (!offered) return offered;
  if (const auto done = transaction->commit(); !done) return done;
  pair.row = std::move(row);
  pair.again = FilesAgain{std::move(file), {}};
  return {};
}

Result<identity::PairingFile> parse_after_loss(const OfficeKeys& keys, ByteView their_file,
                                               Now now) {
  auto theirs = identity::PairingFile::parse(their_file, now.wall);
  if (!theirs) return theirs;
  if (theirs->to != keys.id || theirs->network != keys.network)
    return Error(OfficeError::kWrongOffice, theirs->from.text());
  if (!theirs->your_journal) return Error(OfficeError::kPairAgain, theirs->from.text());
  const Origin ours{keys.network, keys.id, theirs->from, 1};
  const auto certified = identity::check_journal(keys.certificate, *theirs->your_journal, ours);
  if (!certified) return certified.error().within("our first journal in their file");
  return theirs;
}

Result<std::unique_ptr<Pair>> offer_after_loss(store::Store& store, const OfficeKeys& keys,
                                               Alarms& alarms, AnotherInvitation invitation,
                                               const store::PairingRow* instead_of, Now now) {
  const std::string& name = invitation.counterpart.text();
  const auto theirs = parse_after_loss(keys, invitation.their_file, now);
  if (!theirs) return theirs.error();
  if (theirs->from != invitation.counterpart) return Error(OfficeError::kWrongOffice, name);
  const auto one_time = crypto::DhKeyPair::generate();
  std::string basis = invitation.legal_basis.empty() ? theirs->legal_basis : invitation.legal_basis;
  const auto file = identity::make_pairing_file(
      {keys.authority, keys.certificate, *theirs->your_journal, invitation.counterpart,
       one_time.public_key, crypto::random_array<32>(), std::move(invitation.addresses),
       std::move(basis), theirs->journal},
      keys.identity);
  if (const auto match = identity::check_pair(file, *theirs); !match) return match.error();
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  if (instead_of != nullptr) {
    if (const auto done = store.pairings().remove(*instead_of); !done) return done.error();
  }
  auto row = store.pairings().create(invitation.counterpart, file.bytes, one_time);
  if (!row) return row.error();
  const auto lost = store.pairings().set_recovery(*row, store::Recovery::kRecovering);
  if (!lost) return lost.error();
  const Origin origin{keys.network, keys.id, invitation.counterpart, 1};
  const auto created =
      store.journals().create(row->id, origin, true, file.journal.bytes(), nullptr);
  if (!created) return created.error();
  const auto raised = alarms.raise_within(
      {AlarmCode::kLost, name,
       "This office has lost its store: the pairing with " + name + " is made again",
       "With the digits confirmed on both sides " + name +
           " gives back both journals and their contents; then an administrator lets the pairing "
           "go on: blo office recover " +
           name + ". Whoever was revoked last must be revoked again: blo officer list.",
       ""},
      now);
  if (!raised) return raised.error();
  if (const auto done = transaction->commit(); !done) return done.error();
  return load_pair(store, keys, std::move(*row));
}

Result<void> accept_again(store::Store& store, Pair& pair, identity::PairingFile theirs) {
  if (const auto paired = check_paired(pair); !paired) return paired;
  if (!pair.again || pair.again->theirs)
    return Error(OfficeError::kNotInvited, pair.counterpart().text());
  const auto& ours = pair.again->ours;
  if (const auto match = identity::check_pair(ours, theirs); !match) return match;
  const auto one_time = store.pairings().again_one_time_key(pair.row);
  if (!one_time) return one_time.error();
  const auto secret = identity::pairing_secret(ours, *one_time, theirs);
  if (!secret) return secret.error();
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  store::PairingRow row = pair.row;
  const auto accepted = store.pairings().accept_again(row, theirs.bytes, *secret);
  if (!accepted) return accepted;
  if (const auto done = transaction->commit(); !done) return done;
  pair.row = std::move(row);
  pair.again->theirs = std::move(theirs);
  return store.wipe_leftovers();
}

Result<void> confirm_again(store::Store& store, Pair& pair, const Comparison& comparison, Now now) {
  BLO_CHECK(pair.again && pair.again->theirs);
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  store::PairingRow row = pair.row;
  const auto confirmed =
      store.pairings().confirm_again(row, now.wall, comparison.person, comparison.how);
  if (!confirmed) return confirmed;
  // A file that says something new of where they are is newer than what a person set before.
  const bool moved = pair.again->theirs->addresses != pair.theirs->addresses;
  if (moved) {
    const auto done = store.addresses().forget(row.id, store::AddressSource::kPerson);
    if (!done) return done;
  }
  if (const auto done = transaction->commit(); !done) return done;
  pair.row = std::move(row);
  if (moved) pair.addresses.set.reset();
  pair.ours = std::move(pair.again->ours);
  pair.theirs = std::move(*pair.again->theirs);
  pair.again.reset();
  pair.offer.reset();
  return store.wipe_leftovers();
}

}  // namespace blo::office
