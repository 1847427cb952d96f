// Legal holds: messages whose content is kept, whatever rules and counterparts say.
#ifndef BLO_STORE_HOLD_STORE_H
#define BLO_STORE_HOLD_STORE_H

#include <optional>

#include "base/clock.h"
#include "base/ids.h"
#include "crypto/secret.h"
#include "store/database.h"

namespace blo::store {

struct HoldRow {
  std::int64_t pairing;
  MessageId message_id;
  WallTime placed;
  std::uint64_t person;
  std::string reason;
};

/// Every call that writes belongs inside a Transaction.
class HoldStore {
 public:
  HoldStore(Database& database, const crypto::Key& store_key);
  [[nodiscard]] Result<void> put(const HoldRow& hold);
  [[nodiscard]] Result<std::optional<HoldRow>> find(std::int64_t pairing, const MessageId& id);
  /// Oldest first.
  [[nodiscard]] Result<std::vector<HoldRow>> all();
  [[nodiscard]] Result<void> remove(const HoldRow& hold);

 private:
  [[nodiscard]] Result<HoldRow> read(const Statement& row) const;
  Database& database_;
  const crypto::Key& store_key_;
};

}  // namespace blo::store

#endif
