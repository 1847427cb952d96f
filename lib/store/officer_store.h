// The office's own officers: certificates, and names wrapped.
#ifndef BLO_STORE_OFFICER_STORE_H
#define BLO_STORE_OFFICER_STORE_H

#include <optional>

#include "identity/request.h"
#include "store/database.h"

namespace blo::store {

struct OfficerRow {
  std::uint64_t person;
  identity::Certificate certificate;
  identity::OfficerName name;
  std::array<Byte, 32> name_salt;
};

class OfficerStore {
 public:
  OfficerStore(Database& database, const crypto::Key& store_key);
  /// The next person number, from 1.
  [[nodiscard]] Result<std::uint64_t> next_person();
  [[nodiscard]] Result<void> put(const OfficerRow& officer);
  [[nodiscard]] Result<std::vector<OfficerRow>> all();

 private:
  Database& database_;
  const crypto::Key& store_key_;
};

}  // namespace blo::store

#endif
