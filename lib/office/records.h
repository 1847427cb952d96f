// What a stored entry says, where it is a record.
#ifndef BLO_OFFICE_RECORDS_H
#define BLO_OFFICE_RECORDS_H

#include "store/store.h"

namespace blo::office {

/// The record in an entry; none where it holds a message or is out of form.
[[nodiscard]] std::optional<journal::Record> record_in(const store::StoredEntry& stored);

/// The same where it is an `R`: `find_record<journal::Policy>(stored)`.
template <class R>
[[nodiscard]] std::optional<R> find_record(const store::StoredEntry& stored) {
  auto record = record_in(stored);
  auto* found = record ? std::get_if<R>(&*record) : nullptr;
  return found == nullptr ? std::optional<R>() : std::optional<R>(std::move(*found));
}

/// Records of these kinds, in the journal's order.
[[nodiscard]] Result<std::vector<store::StoredEntry>> records_of(
    store::Store& store, const store::JournalRow& row,
    std::initializer_list<store::RecordKind> kinds);

/// The officer's certificate that an entry introduces.
[[nodiscard]] std::optional<identity::Certificate> introduced_in(const store::StoredEntry& stored);

/// Where a journal introduces a person's certificates.
[[nodiscard]] Result<std::vector<std::uint64_t>> introductions_of(store::Store& store,
                                                                  const store::JournalRow& row,
                                                                  std::uint64_t person);
/// What an erasure of a forgotten officer's name gives as its rule.
inline constexpr const char* kForgottenRule = "name of an officer who was revoked";

}  // namespace blo::office

#endif
