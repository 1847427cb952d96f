// What a store keeps beside entries and drafts, against what those say of it.
#ifndef BLO_STORE_KEPT_BODY_H
#define BLO_STORE_KEPT_BODY_H

#include "store/journal_store.h"

namespace blo::store {

/// Whether the body opens for the entry with this leaf and is what the entry committed to: a
/// message's content, an officer's name, an act's request. A body that is gone (erased, never
/// given) is well. kCorrupt says what does not hold.
[[nodiscard]] Result<void> check_body(ByteView leaf, const StoredBody& body);

/// As check_body, for a message that stands in no journal yet.
[[nodiscard]] Result<void> check_content(ByteView envelope, const StoredBody& body);

}  // namespace blo::store

#endif
