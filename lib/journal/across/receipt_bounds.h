// Bounds of the time that a receipt names, for whoever keeps one and whoever judges it later:
// docs/format/checkpoint.md has the rules. Functions of values.
#ifndef BLO_JOURNAL_ACROSS_RECEIPT_BOUNDS_H
#define BLO_JOURNAL_ACROSS_RECEIPT_BOUNDS_H

#include <optional>
#include <string_view>

#include "identity/certificate.h"

namespace blo::journal {

enum class ReceiptFlaw {
  kOutOfRange = 1,  // beyond the year 9999
  kGoesBack,        // before the receipt kept last
  kUncertified,     // the giver's certificate, or its authority's, is not valid then
  kAhead,           // more than a day after the clock of who keeps it, now and when both agreed
  kTooEarly,        // more than a day before the checkpoint was first signed
};
/// "lies before the receipt kept last": what is said of the time.
[[nodiscard]] std::string_view to_string(ReceiptFlaw flaw);

/// What is known to whoever keeps a receipt.
struct ReceiptBounds {
  const identity::Certificate& authority;  // the giver's
  const identity::Certificate& office;     // the giver's
  std::optional<std::uint64_t> last_s;     // of the receipt of this journal kept last
  std::optional<WallTime> first_signed;    // the checkpoint of that size; none: not known
  std::optional<WallTime> beside;          // the latest time at which both clocks agreed
};

/// Range and order alone, which whoever has the receipts can judge, without any clock.
[[nodiscard]] std::optional<ReceiptFlaw> order_flaw(std::uint64_t time_s,
                                                    std::optional<std::uint64_t> last_s);
/// Whether the giver's certificates are valid then.
[[nodiscard]] bool is_certified(const identity::Certificate& authority,
                                const identity::Certificate& office, std::uint64_t time_s);
/// The first rule that a receipt's time breaks for who would keep it at `now`. How long ago it was
/// given does not matter, and the time of the one kept last may always stand again.
[[nodiscard]] std::optional<ReceiptFlaw> receipt_flaw(std::uint64_t time_s,
                                                      const ReceiptBounds& bounds, WallTime now);

}  // namespace blo::journal

#endif
