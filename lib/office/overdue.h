// Receipts, openings and outcomes that have not come in time, and what nobody here has opened.
#ifndef BLO_OFFICE_OVERDUE_H
#define BLO_OFFICE_OVERDUE_H

#include "office/office.h"

namespace blo::office {

/// By precedence, routine first; none: nobody waits for it.
using Patience = std::array<std::optional<milliseconds>, 4>;

/// How long each of the four may take: a receipt from the message's acceptance on, the opening
/// from the receipt on, an outcome from the opening on, and the opening here from when a message
/// was stored here; each as it came here and counted by base/wait_clock. No stamp and no receipt's
/// time counts. A receiver is told before its counterpart is.
struct ReceiptTimes {
  Patience stored = {std::chrono::hours(26), std::chrono::hours(26), std::chrono::hours(1),
                     std::chrono::minutes(15)};
  Patience opened = {std::nullopt, std::chrono::hours(24), std::chrono::hours(4),
                     std::chrono::minutes(30)};
  Patience acted = {std::nullopt, std::nullopt, std::chrono::hours(24), std::chrono::hours(12)};
  Patience read = {std::nullopt, std::chrono::hours(12), std::chrono::hours(1),
                   std::chrono::minutes(10)};
};

/// Raises one alarm of a kind for each counterpart, with the number of messages it is about and the
/// oldest of them; those are not spoken of again. Keeps how long the office has waited. Call it
/// every few seconds.
[[nodiscard]] Result<void> announce_overdue(Office& office, const ReceiptTimes& times, Now now);

}  // namespace blo::office

#endif
