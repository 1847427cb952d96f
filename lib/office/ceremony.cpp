#include "office/ceremony.h"

#include "crypto/random.h"
#include "office/pairing_again.h"
#include "office/writer.h"

namespace blo::office {
namespace {

Result<void> reload(store::Store& store, const OfficeKeys& keys, std::unique_ptr<Pair>& pair) {
  auto loaded = load_pair(store, keys, pair->row);
  if (!loaded) return loaded.error();
  (*loaded)->last_contact = pair->last_contact;
  *pair = std::move(**loaded);
  return {};
}

bool same_keys(const identity::Certificate& a, const identity::Certificate& b) {
  return std::ranges::equal(a.details().keys, b.details().keys, [](const auto& x, const auto& y) {
    return x.use == y.use && x.key == y.key;
  });
}

/// Frozen until the counterpart has given everything back, and a person lets it go on.
Result<void> wait_for_journals(store::Store& store, store::PairingRow& row) {
  const auto frozen = store.pairings().freeze(row, "this office's store was lost", "",
                                              store::Recovery::kRecovering);
  if (!frozen) return frozen;
  return store.pairings().set_untried(row, true);
}

std::string without_spaces(std::string_view text) {
  std::string kept;
  std::ranges::copy_if(text, std::back_inserter(kept),
                       [](char c) { return c != ' ' && c != '\n' && c != '\t'; });
  return kept;
}

/// A file where one was accepted before.
Result<void> accept_another(store::Store& store, Pair& pair, ByteView their_file, Now now) {
  const std::string& name = pair.counterpart().text();
  if (equal(pair.theirs->bytes, their_file)) return {};
  if (pair.again && pair.again->theirs && equal(pair.again->theirs->bytes, their_file)) return {};
  auto other = identity::PairingFile::parse(their_file, now.wall);
  if (!other) return other.error();
  const bool same = same_keys(other->office, pair.theirs->office) &&
                    same_keys(other->authority, pair.theirs->authority);
  if (!same) return Error(OfficeError::kChangedKey, name);
  if (!other->your_journal) return Error(OfficeError::kAlreadyPaired, name);
  return accept_again(store, pair, std::move(*other));
}

}  // namespace

Result<std::unique_ptr<Pair>> invite(store::Store& store, const OfficeKeys& keys,
                                     Invitation invitation, const store::PairingRow* instead_of,
                                     Now now) {
  const OfficeId& counterpart = invitation.counterpart;
  if (counterpart == keys.id) return Error(OfficeError::kWrongOffice, counterpart.text());
  const Origin origin{keys.network, keys.id, counterpart, 1};
  const auto journal_key = crypto::SigningKey::generate();
  const auto journal = certify_journal(keys, origin, journal_key.verify_key(), now);
  const auto one_time = crypto::DhKeyPair::generate();
  const identity::PairingFile file = identity::make_pairing_file(
      {keys.authority, keys.certificate, journal, counterpart, one_time.public_key,
       crypto::random_array<32>(), std::move(invitation.addresses),
       std::move(invitation.legal_basis)},
      keys.identity);
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  if (instead_of != nullptr) {
    if (const auto done = store.pairings().remove(*instead_of); !done) return done.error();
  }
  const auto row = store.pairings().create(counterpart, file.bytes, one_time);
  if (!row) return row.error();
  const auto created =
      store.journals().create(row->id, origin, true, journal.bytes(), &journal_key.seed());
  if (!created) return created.error();
  if (const auto done = transaction->commit(); !done) return done.error();
  return load_pair(store, keys, *row);
}

Result<void> accept(store::Store& store, const OfficeKeys& keys, std::unique_ptr<Pair>& pair,
                    ByteView their_file, Now now) {
  if (pair->theirs) return accept_another(store, *pair, their_file, now);
  const auto theirs = identity::PairingFile::parse(their_file, now.wall);
  if (!theirs) return theirs.error();
  if (theirs->your_journal.has_value() != pair->ours.your_journal.has_value())
    return Error(OfficeError::kPairAgain, pair->counterpart().text());
  if (const auto match = identity::check_pair(pair->ours, *theirs); !match) return match;
  const auto one_time = store.pairings().one_time_key(pair->row);
  if (!one_time) return one_time.error();
  const auto secret = identity::pairing_secret(pair->ours, *one_time, *theirs);
  if (!secret) return secret.error();
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  store::PairingRow row = pair->row;
  if (const auto done = store.pairings().accept(row, their_file, *secret, now.wall); !done)
    return done;
  const Origin origin{keys.network, theirs->from, keys.id, 1};
  const auto created =
      store.journals().create(row.id, origin, false, theirs->journal.bytes(), nullptr);
  if (!created) return created.error();
  if (const auto done = transaction->commit(); !done) return done;
  pair->row = std::move(row);
  return reload(store, keys, pair);
}

std::string digits(const Pair& pair) {
  if (pair.again && pair.again->theirs)
    return identity::pairing_digits(pair.again->ours, *pair.again->theirs);
  return identity::pairing_digits(pair.ours, *pair.theirs);
}

Result<void> confirm(store::Store& store, const OfficeKeys& keys, std::unique_ptr<Pair>& pair,
                     const Comparison& comparison, const Dating& dating, Now now) {
  if (!pair->theirs)
    return Error(OfficeError::kUnconfirmed, "the counterpart's file has not been accepted");
  const std::string heard = without_spaces(comparison.digits);
  if (pair->again && pair->again->theirs) {
    if (heard == without_spaces(digits(*pair))) return confirm_again(store, *pair, comparison, now);
    // Only those of the files in force are left to compare, where a person has frozen it.
    if (pair->row.state == store::PairingState::kConfirmed) return OfficeError::kWrongDigits;
  }
  if (heard != without_spaces(identity::pairing_digits(pair->ours, *pair->theirs)))
    return OfficeError::kWrongDigits;
  if (pair->row.state == store::PairingState::kConfirmed) return {};
  if (pair->row.state == store::PairingState::kEnded)
    return Error(OfficeError::kEnded, pair->counterpart().text());
  if (!pair->row.frozen_why.empty()) return Error(OfficeError::kFrozen, pair->row.frozen_why);
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  store::PairingRow row = pair->row;
  const auto confirmed = store.pairings().confirm(row, now.wall, comparison.person, comparison.how);
  if (!confirmed) return confirmed;
  if (row.recovery != store::Recovery::kNone) {  // it begins with what was lost
    if (const auto waits = wait_for_journals(store, row); !waits) return waits;
    if (const auto done = transaction->commit(); !done) return done;
    pair->row = std::move(row);
    return {};
  }
  const bool first = pair->sent->row.size() == 0;
  Writer writer(store, pair->sent->row, dating, std::nullopt);
  if (first) {
    const auto started = writer.add_record(journal::GenerationStart{
        keys.authority.bytes(), keys.certificate.bytes(), pair->ours.journal.bytes()});
    if (!started) return started.error();
    if (const auto done = writer.finish(); !done) return done;
  }
  if (const auto done = transaction->commit(); !done) return done;
  pair->row = std::move(row);
  if (first) {
    pair->sent->row = writer.row();
    pair->sent->trail_head = pair->sent->row.last_stamp.time;
  }
  return {};
}

}  // namespace blo::office
