// Numbers that a run leaves to the next, each under its name.
#ifndef BLO_STORE_MARK_STORE_H
#define BLO_STORE_MARK_STORE_H

#include <optional>

#include "store/database.h"

namespace blo::store {

class MarkStore {
 public:
  explicit MarkStore(Database& database) : database_(database) {}

  /// None: never put. kCorrupt: no number lies under that name.
  [[nodiscard]] Result<std::optional<std::uint64_t>> find(std::string_view name);
  /// Within a transaction.
  [[nodiscard]] Result<void> put(std::string_view name, std::uint64_t number);

 private:
  Database& database_;
};

}  // namespace blo::store

#endif
