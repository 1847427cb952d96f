// How certificates end: officers by this office, the counterpart by its authority's statement.
#include "office/office.h"
#include "office/records.h"
#include "office/writer.h"

namespace blo::office {
namespace {

/// One record in the journals to every counterpart, and in the trail: all or none.
class Everywhere {
 public:
  Everywhere(store::Store& store, Trail& trail, const Dating& dating, Now now)
      : store_(store), dating_(dating), addition_(trail, now) {}

  Result<void> add(Pair& pair, const journal::Record& record) {
    auto found = writers_.find(&pair);
    if (found == writers_.end()) {
      found =
          writers_.emplace(&pair, Writer(store_, pair.sent->row, dating_, pair.receipted())).first;
    }
    const auto index = found->second.add_record(record);
    if (!index) return index.error();
    return {};
  }
  Result<void> add_to_trail(const journal::RevocationRecord& record) {
    const auto index = addition_.add(record);
    if (!index) return index.error();
    return {};
  }
  Result<void> finish() {
    for (auto& [pair, writer] : writers_) {
      if (const auto done = writer.finish(); !done) return done;
    }
    return addition_.finish();
  }
  void keep() {
    for (auto& [pair, writer] : writers_) pair->sent->row = writer.row();
    addition_.keep();
  }

 private:
  store::Store& store_;
  Dating dating_;
  Trail::Addition addition_;
  std::map<Pair*, Writer> writers_;
};

}  // namespace

Result<identity::Revocation> Office::revoke_officer(std::uint64_t person,
                                                    identity::RevocationReason reason, Now now) {
  if (const auto fine = clock_.check(now); !fine) return fine.error();
  const auto* officer = officers_.newest(person);
  if (officer == nullptr) return Error(OfficeError::kUnknownPerson, std::to_string(person));
  if (officers_.state(*officer, now.wall) == OfficerState::kRevoked) {
    return Error(OfficeError::kRevoked, "officer " + std::to_string(person));
  }
  identity::RevocationDetails details;
  details.kind = identity::CertificateKind::kOfficer;
  details.network = keys_.network;
  details.subject = keys_.id.text();
  details.statement = officers_.next_statement(person, now);
  details.person = person;
  details.reason = reason;
  details.time = from_unix_s(to_unix_s(now.wall));
  details.issuer = keys_.certificate.fingerprint();
  auto revocation = identity::Revocation::issue(details, keys_.identity);
  const journal::RevocationRecord record{revocation.bytes()};

  auto transaction = store_->begin();
  if (!transaction) return transaction.error();
  if (const auto done = store_->officers().put_revocation(revocation); !done) return done.error();
  Everywhere everywhere(*store_, trail_, clock_.dating(now), now);
  for (const auto& pair : pairs_) {
    if (!pair->carries_messages()) continue;
    if (const auto done = everywhere.add(*pair, record); !done) return done.error();
  }
  if (const auto done = everywhere.add_to_trail(record); !done) return done.error();
  if (const auto done = everywhere.finish(); !done) return done.error();
  if (const auto done = transaction->commit(); !done) return done.error();
  everywhere.keep();
  officers_.keep_revocation(revocation);
  return revocation;
}

Result<void> Office::forget_officer(std::uint64_t person, std::uint64_t ordered_by, Now now) {
  const auto* officer = officers_.newest(person);
  if (officer == nullptr) return Error(OfficeError::kUnknownPerson, std::to_string(person));
  if (officers_.state(*officer, now.wall) != OfficerState::kRevoked) {
    return Error(OfficeError::kNotRevoked, "officer " + std::to_string(person));
  }
  auto transaction = store_->begin();
  if (!transaction) return transaction.error();
  if (const auto done = store_->officers().erase_name(person); !done) return done;
  Everywhere everywhere(*store_, trail_, clock_.dating(now), now);
  const auto forget_in = [&](const store::JournalRow& row, Pair* pair) -> Result<void> {
    const auto indexes = introductions_of(*store_, row, person);
    if (!indexes) return indexes.error();
    for (const std::uint64_t index : *indexes) {
      if (const auto done = store_->journals().erase_body(row, index); !done) return done;
      if (pair == nullptr || !pair->carries_messages()) continue;  // the trail has the act itself
      const bool current = row.id == pair->sent->row.id;
      const journal::Erasure erasure{index, kForgottenRule, ordered_by,
                                     current ? 0 : row.origin.generation};
      if (const auto done = everywhere.add(*pair, erasure); !done) return done;
    }
    return {};
  };
  for (const auto& pair : pairs_) {
    for (const auto* row : pair->generations(true)) {
      if (const auto done = forget_in(*row, pair.get()); !done) return done;
    }
  }
  if (const auto& trail = trail_.journal()) {
    for (const auto& earlier : trail->earlier) {
      if (const auto done = forget_in(earlier, nullptr); !done) return done;
    }
    if (const auto done = forget_in(trail->row, nullptr); !done) return done;
  }
  if (const auto done = everywhere.finish(); !done) return done;
  if (const auto done = transaction->commit(); !done) return done;
  everywhere.keep();
  officers_.keep_erased_name(person);
  return store_->wipe_leftovers();
}

Result<void> Office::refuse_old(const Pair& pair, const identity::Revocation& revocation,
                                std::uint64_t known, Now now) {
  const std::string& who = pair.counterpart().text();
  const auto raised = alarms_.raise(
      {AlarmCode::kOldStatement, who,
       "A revocation of " + who + " with statement " +
           std::to_string(revocation.details().statement) + " was handed in, and statement " +
           std::to_string(known) + " counts already. It changes nothing",
       "Ask its authority for its newest statement, and how the older one came into your hands.",
       revocation.pem()},
      now);
  if (!raised) return raised.error();
  return Error(OfficeError::kOldStatement, who + ", statement " + std::to_string(known));
}

/// The newest statement about the counterpart that counts here.
Result<std::uint64_t> Office::statement_about(const Pair& pair) {
  std::uint64_t statement = pair.theirs->office.details().statement;
  const auto records = store_->journals().records(pair.sent->row, store::RecordKind::kRevocation);
  if (!records) return records.error();
  for (const auto& stored : *records) {
    const auto revoked = find_record<journal::RevocationRecord>(stored);
    if (!revoked) continue;
    const auto revocation = identity::Revocation::parse(revoked->revocation);
    if (revocation && revocation->details().kind == identity::CertificateKind::kOffice) {
      statement = std::max(statement, revocation->details().statement);
    }
  }
  return statement;
}

Result<Pair*> Office::revoke_counterpart(ByteView bytes, Now now) {
  if (const auto fine = clock_.check(now); !fine) return fine.error();
  const auto revocation = identity::Revocation::parse(bytes);
  if (!revocation) return revocation.error();
  const auto& details = revocation->details();
  const auto id = OfficeId::parse(details.subject);
  if (details.kind != identity::CertificateKind::kOffice || !id) {
    return Error(OfficeError::kMalformed, "this is not the revocation of an office");
  }
  Pair* pair = find(*id);
  if (pair == nullptr || !pair->theirs) {
    return Error(OfficeError::kUnknownCounterpart, id->text());
  }
  if (const auto ok = identity::check_revocation(pair->theirs->authority, *revocation); !ok) {
    return ok.error();
  }
  const auto known = statement_about(*pair);
  if (!known) return known.error();
  if (details.statement <= *known) {
    const auto refused = refuse_old(*pair, *revocation, *known, now);
    return refused.error();
  }
  const std::string why = "the authority of " + std::string(id->country()) + " has revoked " +
                          id->text() + " (" + std::string(to_string(details.reason)) +
                          ", statement " + std::to_string(details.statement) + ")";
  auto transaction = store_->begin();
  if (!transaction) return transaction.error();
  Everywhere everywhere(*store_, trail_, clock_.dating(now), now);
  // A frozen journal contradicts itself already: nothing is added to it.
  const bool goes_on =
      pair->row.state != store::PairingState::kFrozen && pair->sent->row.size() > 0;
  if (goes_on) {
    const auto added = everywhere.add(*pair, journal::RevocationRecord{revocation->bytes()});
    if (!added) return added.error();
    if (const auto done = everywhere.finish(); !done) return done.error();
  }
  store::PairingRow row = pair->row;
  if (const auto done = store_->pairings().end(row, why); !done) return done.error();
  const auto told = leave_out_waiting(*store_, *pair, "the pairing is over", now.wall);
  if (!told) return told.error();
  const auto raised = alarms_.raise_within(
      {AlarmCode::kRevokedOffice, id->text(), "The pairing is over: " + why,
       "Read and export what was exchanged; pair with the office again when it has new keys.",
       revocation->pem()},
      now);
  if (!raised) return raised.error();
  if (const auto done = transaction->commit(); !done) return done.error();
  pair->row = std::move(row);
  if (goes_on) everywhere.keep();
  if (const auto done = store_->wipe_leftovers(); !done) return done.error();
  return pair;
}

}  // namespace blo::office
