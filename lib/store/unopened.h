// Messages received by versions that did not keep which of them nobody has opened.
#ifndef BLO_STORE_UNOPENED_H
#define BLO_STORE_UNOPENED_H

#include "store/database.h"

namespace blo::store {

/// Enters into `awaited` every received message that was accepted, whose content is here, and that
/// neither was opened nor acted upon: as waiting from the beginning of the office's waiting time.
/// Part of a migration, within its transaction.
[[nodiscard]] Result<void> note_unopened(Database& database);

}  // namespace blo::store

#endif
