// Where counterparts can be dialled, beside what their pairing files say.
#ifndef BLO_STORE_ADDRESS_STORE_H
#define BLO_STORE_ADDRESS_STORE_H

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "store/database.h"

namespace blo::store {

/// Who says it. Values are the table's.
enum class AddressSource : std::uint8_t { kPerson = 1, kCounterpart = 2 };

struct AddressList {
  std::vector<std::string> addresses;  // "host:port" each; empty: there is none
  WallTime since;                      // by this machine's clock when it was said
  std::uint64_t person = 0;            // who set it; 0: the Unix user alone, or the counterpart
};

/// Every call that writes belongs inside a Transaction.
class AddressStore {
 public:
  explicit AddressStore(Database& database) : database_(database) {}

  /// Takes the place of what the same source said before. No address holds a space (CHECKed).
  [[nodiscard]] Result<void> put(std::int64_t pairing, AddressSource source,
                                 const AddressList& list);
  /// None: that source said nothing. kCorrupt: what stands there was not put there.
  [[nodiscard]] Result<std::optional<AddressList>> find(std::int64_t pairing, AddressSource source);
  [[nodiscard]] Result<void> forget(std::int64_t pairing, AddressSource source);

 private:
  Database& database_;
};

}  // namespace blo::store

#endif
