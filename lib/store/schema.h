// The store's tables and how they came to be: one numbered step after another.
#ifndef BLO_STORE_SCHEMA_H
#define BLO_STORE_SCHEMA_H

#include "store/database.h"

namespace blo::store {

/// Brings a database to this version's schema in one transaction. kNewerSchema for one from a later
/// version, kCorrupt for a database that is not a store.
[[nodiscard]] Result<void> migrate(Database& database);

}  // namespace blo::store

#endif
