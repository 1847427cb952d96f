#include "journal/across/receipt_bounds.h"

#include <algorithm>

#include "base/limits.h"
#include "journal/wire.h"

namespace blo::journal {

std::string_view to_string(ReceiptFlaw flaw) {
  switch (flaw) {
    case ReceiptFlaw::kOutOfRange: return "is beyond the year 9999";
    case ReceiptFlaw::kGoesBack: return "lies before that of the receipt kept last";
    case ReceiptFlaw::kUncertified: return "lies outside the validity of its giver's certificates";
    case ReceiptFlaw::kAhead: return "lies more than a day ahead";
    case ReceiptFlaw::kTooEarly:
      return "lies more than a day before what it covers was first signed";
  }
  return "is out of bounds";
}

std::optional<ReceiptFlaw> order_flaw(std::uint64_t time_s, std::optional<std::uint64_t> last_s) {
  if (time_s > kTimeMsMax / 1000) return ReceiptFlaw::kOutOfRange;
  if (last_s && time_s < *last_s) return ReceiptFlaw::kGoesBack;
  return std::nullopt;
}

bool is_certified(const identity::Certificate& authority, const identity::Certificate& office,
                  std::uint64_t time_s) {
  const WallTime time = from_unix_s(time_s);
  return authority.details().valid_at(time) && office.details().valid_at(time);
}

std::optional<ReceiptFlaw> receipt_flaw(std::uint64_t time_s, const ReceiptBounds& bounds,
                                        WallTime now) {
  if (const auto flaw = order_flaw(time_s, bounds.last_s)) return flaw;
  // A giver whose last receipt lies ahead of its clock repeats that time until the clock is there.
  if (time_s == bounds.last_s) return std::nullopt;
  if (!is_certified(bounds.authority, bounds.office, time_s)) return ReceiptFlaw::kUncertified;
  const WallTime time = from_unix_s(time_s);
  // One that was lost on its way while both clocks were ahead is not taken back by its giver.
  const WallTime latest = std::max(now, bounds.beside.value_or(now));
  if (time > latest + limits::kClockSkewMax) return ReceiptFlaw::kAhead;
  // A note of the signing that lies ahead was made by a clock that was wrong: it says nothing.
  const auto& first = bounds.first_signed;
  if (!first || *first > now) return std::nullopt;
  const WallTime dated = std::chrono::floor<seconds>(*first);  // as receipts are
  if (time + limits::kClockSkewMax < dated) return ReceiptFlaw::kTooEarly;
  return std::nullopt;
}

}  // namespace blo::journal
