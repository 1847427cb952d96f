#include "office/receipt_check.h"

#include "journal/across/receipt_bounds.h"

namespace blo::office {

Result<void> check_receipt(store::Store& store, const Pair& pair, const store::JournalRow& journal,
                           std::uint64_t size, std::string_view text,
                           const journal::Cosignature& receipt, Clock& clock, Now now) {
  const std::string covered = std::to_string(size) + " entries of " + journal.origin.text();
  if (!journal::verify_cosignature(text, receipt, *pair.receipt_key)) {
    return Error(OfficeError::kBadReceipt,
                 "its signature over " + covered + " is not the counterpart's");
  }
  const auto last = store.journals().newest_head(journal);
  if (!last) return last.error();
  const auto first_signed = store.signings().first(journal, size);
  if (!first_signed) return first_signed.error();
  journal::ReceiptBounds bounds{
      pair.theirs->authority, pair.theirs->office, {}, *first_signed, pair.row.beside};
  if (*last) bounds.last_s = (*last)->receipt_time_s;
  const auto flaw = journal::receipt_flaw(receipt.time_s, bounds, now.wall);
  if (!flaw) return {};
  if (*flaw == journal::ReceiptFlaw::kAhead && !clock.believed(now))
    return Error(OfficeError::kClockNotBelieved, to_rfc3339(now.wall));
  return Error(OfficeError::kBadReceipt, "its time for " + covered + " (" +
                                             to_rfc3339(from_unix_s(receipt.time_s)) + ") " +
                                             std::string(journal::to_string(*flaw)));
}

}  // namespace blo::office
