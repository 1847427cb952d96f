#include "office/records.h"

namespace blo::office {

std::optional<journal::Record> record_in(const store::StoredEntry& stored) {
  const auto entry = journal::Entry::parse(stored.leaf);
  if (!entry || !std::holds_alternative<Bytes>(entry->what)) return std::nullopt;
  auto record = journal::parse_record(std::get<Bytes>(entry->what));
  return record ? std::optional(std::move(*record)) : std::nullopt;
}

std::optional<identity::Certificate> introduced_in(const store::StoredEntry& stored) {
  const auto introduced = find_record<journal::CertificateRecord>(stored);
  if (!introduced) return std::nullopt;
  auto certificate = identity::Certificate::parse(introduced->certificate);
  return certificate ? std::optional(std::move(*certificate)) : std::nullopt;
}

}  // namespace blo::office
