// Legal holds: messages whose content is kept, whatever rules and counterparts say.
#ifndef BLO_STORE_HOLD_STORE_H
#define BLO_STORE_HOLD_STORE_H

#include <optional>

#include "base/clock.h"
#include "base/ids.h"
#include "base/page.h"
#include "crypto/secret.h"
#include "store/database.h"

namespace blo::store {

/// Where a hold stands among all, oldest first, whether or not it was lifted since.
struct HoldKey {
  WallTime placed;
  std::int64_t pairing = 0;
  MessageId message_id{};

  /// "1709788329000/3/018e…": what text() gave, and nothing else.
  [[nodiscard]] static std::optional<HoldKey> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  auto operator<=>(const HoldKey&) const = default;
};

struct HoldRow {
  std::int64_t pairing;
  MessageId message_id;
  WallTime placed;
  std::uint64_t person;
  std::string reason;

  [[nodiscard]] HoldKey key() const { return {placed, pairing, message_id}; }
};

/// Every call that writes belongs inside a Transaction.
class HoldStore {
 public:
  HoldStore(Database& database, const crypto::Key& store_key);
  [[nodiscard]] Result<void> put(const HoldRow& hold);
  [[nodiscard]] Result<std::optional<HoldRow>> find(std::int64_t pairing, const MessageId& id);
  /// Oldest first, what is sought for a page.
  [[nodiscard]] Result<std::vector<HoldRow>> list(const Page<HoldKey>& page);
  /// Of one pairing, in no order: for whoever asks of each whether it keeps something.
  [[nodiscard]] Result<std::vector<HoldRow>> of_pairing(std::int64_t pairing);
  [[nodiscard]] Result<void> remove(const HoldRow& hold);

 private:
  [[nodiscard]] Result<HoldRow> read(const Statement& row) const;
  [[nodiscard]] Result<std::vector<HoldRow>> read_all(Statement& select) const;
  Database& database_;
  const crypto::Key& store_key_;
};

}  // namespace blo::store

#endif
