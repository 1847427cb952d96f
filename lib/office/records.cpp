#include "office/records.h"

namespace blo::office {

std::optional<journal::Record> record_in(const store::StoredEntry& stored) {
  const auto entry = journal::Entry::parse(stored.leaf);
  if (!entry || !std::holds_alternative<Bytes>(entry->what)) return std::nullopt;
  auto record = journal::parse_record(std::get<Bytes>(entry->what));
  return record ? std::optional(std::move(*record)) : std::nullopt;
}

Result<std::vector<store::StoredEntry>> records_of(store::Store& store,
                                                   const store::JournalRow& row,
                                                   std::initializer_list<store::RecordKind> kinds) {
  std::vector<store::StoredEntry> all;
  for (const auto kind : kinds) {
    auto records = store.journals().records(row, kind);
    if (!records) return records.error();
    std::ranges::move(*records, std::back_inserter(all));
  }
  std::ranges::sort(all, {}, &store::StoredEntry::index);
  return all;
}

std::optional<identity::Certificate> introduced_in(const store::StoredEntry& stored) {
  const auto introduced = find_record<journal::CertificateRecord>(stored);
  if (!introduced) return std::nullopt;
  auto certificate = identity::Certificate::parse(introduced->certificate);
  return certificate ? std::optional(std::move(*certificate)) : std::nullopt;
}

Result<std::vector<std::uint64_t>> introductions_of(store::Store& store,
                                                    const store::JournalRow& row,
                                                    std::uint64_t person) {
  const auto records = store.journals().records(row, store::RecordKind::kCertificate);
  if (!records) return records.error();
  std::vector<std::uint64_t> indexes;
  for (const auto& stored : *records) {
    const auto certificate = introduced_in(stored);
    if (certificate && certificate->details().person == person) indexes.push_back(stored.index);
  }
  return indexes;
}

}  // namespace blo::office
