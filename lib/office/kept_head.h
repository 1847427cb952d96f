// The newest checkpoint that the store keeps of a journal, and the receipt on it: read back.
#ifndef BLO_OFFICE_KEPT_HEAD_H
#define BLO_OFFICE_KEPT_HEAD_H

#include "office/pair.h"

namespace blo::office {

/// kCorrupt (StoreError): the journal's certificate has no key, its newest checkpoint is not under
/// that key's signature, is not of the tree kept with it, or has a receipt that `receipt_key` (the
/// receiver's; null: receipts are made when asked for) did not give.
[[nodiscard]] Result<void> check_kept_head(store::Store& store, const store::JournalRow& journal,
                                           const crypto::VerifyKey* receipt_key);

}  // namespace blo::office

#endif
