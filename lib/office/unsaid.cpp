#include "office/unsaid.h"

#include "office/records.h"

namespace blo::office {

Result<Unsaid> Unsaid::of(store::Store& store, const Officers& officers, const Pair& pair) {
  Unsaid unsaid(store, officers, pair);
  for (const auto* row : pair.generations(true)) {
    const auto records = store.journals().records(*row, store::RecordKind::kRevocation);
    if (!records) return records.error();
    for (const auto& stored : *records) {
      const auto revoked = find_record<journal::RevocationRecord>(stored);
      const auto revocation = revoked ? identity::Revocation::parse(revoked->revocation)
                                      : Result<identity::Revocation>(OfficeError::kNotFound);
      if (!revocation) continue;
      const auto& details = revocation->details();
      if (details.kind != identity::CertificateKind::kOfficer) continue;
      auto& newest = unsaid.revoked_[details.person];
      newest = std::max(newest, details.statement);
    }
  }
  return unsaid;
}

bool Unsaid::is_said(const identity::Revocation& revocation) const {
  const auto found = revoked_.find(revocation.details().person);
  return found != revoked_.end() && found->second >= revocation.details().statement;
}

Result<void> Unsaid::enter_refusals(Writer& writer) const {
  for (const auto* row : pair_.generations(false)) {
    const auto unsaid = store_.journals().refused_unsaid(*row);
    if (!unsaid) return unsaid.error();
    for (const auto& stored : *unsaid) {
      // What refuses something itself is never refused by a record.
      if (find_record<journal::Refusal>(stored)) continue;
      const auto added = writer.add_record(journal::Refusal{row->origin.generation, stored.index,
                                                            journal::leaf_hash(stored.leaf),
                                                            *stored.facts.refusal});
      if (!added) return added.error();
    }
  }
  return {};
}

Result<void> Unsaid::enter_forgotten_names(Writer& writer) {
  for (const auto* row : pair_.generations(true)) {
    const auto records = store_.journals().records(*row, store::RecordKind::kCertificate);
    if (!records) return records.error();
    for (const auto& stored : *records) {
      const auto introduction = find_record<journal::CertificateRecord>(stored);
      if (!introduction || introduction->padded_bytes == 0) continue;
      const auto certificate = introduced_in(stored);
      if (!certificate || !officers_.forgotten(*certificate)) continue;
      if (const auto done = store_.journals().erase_body(*row, stored.index); !done) return done;
      const auto entered = enter({stored.index, kForgottenRule, 0, row->origin.generation}, writer);
      if (!entered) return entered;
    }
  }
  return {};
}

Result<void> Unsaid::enter(const journal::Erasure& erasure, Writer& writer) {
  const auto said = store_.journals().index().erased_by_us(
      {pair_.row.id, !erasure.received, erasure.generation, erasure.index});
  if (!said) return said.error();
  if (*said) return {};
  journal::Erasure record = erasure;
  const bool own = !erasure.received && erasure.generation == writer.row().origin.generation;
  if (own) record.generation = 0;
  if (const auto added = writer.add_record(record); !added) return added.error();
  return {};
}

Result<void> Unsaid::enter(const identity::Revocation& revocation, Writer& writer) {
  if (is_said(revocation)) return {};
  const auto added = writer.add_record(journal::RevocationRecord{revocation.bytes()});
  if (!added) return added.error();
  revoked_[revocation.details().person] = revocation.details().statement;
  return {};
}

}  // namespace blo::office
