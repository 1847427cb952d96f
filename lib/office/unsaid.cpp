#include "office/unsaid.h"

#include "office/records.h"

namespace blo::office {

Result<Unsaid> Unsaid::of(store::Store& store, const Officers& officers, const Pair& pair) {
  Unsaid unsaid(store, officers, pair);
  for (const auto* row : pair.generations(true)) {
    const auto records = store.journals().records(*row);
    if (!records) return records.error();
    for (const auto& stored : *records) unsaid.read(*row, stored);
  }
  return unsaid;
}

void Unsaid::read(const store::JournalRow& row, const store::StoredEntry& stored) {
  const auto record = record_in(stored);
  if (!record) return;
  if (const auto* refusal = std::get_if<journal::Refusal>(&*record)) {
    refused_[refusal->generation].insert(refusal->index);
  } else if (const auto* erasure = std::get_if<journal::Erasure>(&*record)) {
    const auto generation = erasure->generation == 0 ? row.origin.generation : erasure->generation;
    erased_.emplace(erasure->received, generation, erasure->index);
  } else if (const auto* revoked = std::get_if<journal::RevocationRecord>(&*record)) {
    const auto revocation = identity::Revocation::parse(revoked->revocation);
    if (!revocation) return;
    const auto& details = revocation->details();
    if (details.kind != identity::CertificateKind::kOfficer) return;
    auto& newest = revoked_[details.person];
    newest = std::max(newest, details.statement);
  }
}

bool Unsaid::is_said(const identity::Revocation& revocation) const {
  const auto found = revoked_.find(revocation.details().person);
  return found != revoked_.end() && found->second >= revocation.details().statement;
}

Result<void> Unsaid::enter_refusals(Writer& writer) const {
  for (const auto* row : pair_.generations(false)) {
    const std::uint32_t generation = row->origin.generation;
    const auto found = refused_.find(generation);
    if (row->refused == (found == refused_.end() ? 0 : found->second.size())) continue;
    std::optional<Error> failed;
    const auto enter = [&](const store::StoredEntry& stored) {
      // What refuses something itself is never refused by a record.
      if (!stored.facts.refusal || find_record<journal::Refusal>(stored)) return true;
      if (found != refused_.end() && found->second.contains(stored.index)) return true;
      const auto added = writer.add_record(journal::Refusal{
          generation, stored.index, journal::leaf_hash(stored.leaf), *stored.facts.refusal});
      if (!added) failed = added.error();
      return added.has_value();
    };
    const auto read = store_.journals().entries(*row, 0, row->size(), enter);
    if (!read) return read;
    if (failed) return *failed;
  }
  return {};
}

Result<void> Unsaid::enter_forgotten_names(Writer& writer) {
  for (const auto* row : pair_.generations(true)) {
    const auto records = store_.journals().records(*row);
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
  if (!erased_.emplace(erasure.received, erasure.generation, erasure.index).second) return {};
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
