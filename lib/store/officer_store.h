// The office's own officers: certificates, and names wrapped.
#ifndef BLO_STORE_OFFICER_STORE_H
#define BLO_STORE_OFFICER_STORE_H

#include <optional>

#include "identity/request.h"
#include "identity/revocation.h"
#include "store/database.h"

namespace blo::store {

/// One certificate of a person.
struct OfficerRow {
  std::uint64_t person;
  identity::Certificate certificate;
  identity::OfficerName name;  // empty where it was erased
  std::array<Byte, 32> name_salt;
};

class OfficerStore {
 public:
  OfficerStore(Database& database, const crypto::Key& store_key);
  /// The next person number, from 1.
  [[nodiscard]] Result<std::uint64_t> next_person();
  [[nodiscard]] Result<void> put(const OfficerRow& officer);
  /// In the order in which they were certified.
  [[nodiscard]] Result<std::vector<OfficerRow>> all();
  /// Destroys the names on all of a person's certificates.
  [[nodiscard]] Result<void> erase_name(std::uint64_t person);
  /// Destroys the name on this one.
  [[nodiscard]] Result<void> erase_name(const identity::Fingerprint& certificate);
  /// Takes the place of an earlier one about the same person.
  [[nodiscard]] Result<void> put_revocation(const identity::Revocation& revocation);
  [[nodiscard]] Result<std::vector<identity::Revocation>> revocations();

 private:
  Database& database_;
  const crypto::Key& store_key_;
};

}  // namespace blo::store

#endif
