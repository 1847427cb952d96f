#include "office/arrived_expired.h"

#include "office/appender.h"

namespace blo::office {

bool arrived_expired(const std::optional<WallTime>& expires, const journal::Cosignature& receipt) {
  return expires && *expires < from_unix_s(receipt.time_s);
}

Result<void> tell_of_expired(store::Store& store, Alarms& alarms, const Pair& pair,
                             const ReceiptedHead& head, Now now) {
  const auto& row = pair.sent->row;
  const std::uint64_t before = pair.sent->head ? pair.sent->head->checkpoint.size : 0;
  const WallTime received = from_unix_s(head.receipt.time_s);
  const auto found = store.steps().arrived_expired(row, before, head.checkpoint.size, received);
  if (!found) return found.error();
  if (found->count == 0) return {};
  const std::string who = pair.counterpart().text();
  const std::string number = number_of(row, found->oldest).text();
  const std::string when = to_rfc3339(received);
  const bool one = found->count == 1;
  const std::string which =
      one ? number
          : std::to_string(found->count) + " messages at " + when + ", the oldest " + number;
  const std::string sentence =
      one ? "Message " + number + " arrived at " + who + " at " + when + ", after it had expired"
          : std::to_string(found->count) + " messages arrived at " + who + " at " + when +
                ", after they had expired; the oldest is " + number;
  Alarm alarm{
      AlarmCode::kArrivedExpired,
      who,
      sentence,
      "Tell them whether it still holds: by telephone, or in a message that takes its place.",
      "",
      found->count};
  alarm.also = one ? number + " at " + when : which;
  const auto raised = alarms.raise_within(alarm, now);
  if (!raised) return raised.error();
  return {};
}

}  // namespace blo::office
