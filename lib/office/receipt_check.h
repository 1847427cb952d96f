// Whether a receipt that the counterpart gives for our journal is kept, by whichever way it comes.
#ifndef BLO_OFFICE_RECEIPT_CHECK_H
#define BLO_OFFICE_RECEIPT_CHECK_H

#include "office/clock.h"
#include "office/pair.h"

namespace blo::office {

/// `receipt`, for a checkpoint of `size` of our `journal` with this text. kBadReceipt where it does
/// not verify or its time is out of bounds (journal/across/receipt_bounds.h). kClockNotBelieved
/// where its time lies ahead of a clock that is not believed: that says nothing against it.
[[nodiscard]] Result<void> check_receipt(store::Store& store, const Pair& pair,
                                         const store::JournalRow& journal, std::uint64_t size,
                                         std::string_view text, const journal::Cosignature& receipt,
                                         Clock& clock, Now now);

}  // namespace blo::office

#endif
