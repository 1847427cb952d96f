// What a counterpart's batch changes of who may speak and under which policy, as alarms.
#include <algorithm>

#include "office/incoming.h"

namespace blo::office {

std::shared_ptr<Standing> Incoming::standing_after(const std::shared_ptr<const Standing>& before,
                                                   const IncomingBatch& batch) {
  // Most batches say nothing of it; those that do copy it.
  const auto concerns = [](const journal::ReadEntry& entry) {
    return introduces(entry.refusal) && entry.record && Standing::counts(*entry.record);
  };
  if (std::ranges::none_of(batch.entries_, concerns)) return nullptr;
  auto copy = std::make_shared<Standing>(*before);
  Standing& after = *copy;
  for (const auto& entry : batch.entries_) {
    if (!introduces(entry.refusal)) continue;
    if (entry.envelope) after.settle();
    if (entry.record) after.take(entry.index, *entry.record, entry.dated());
  }
  after.settle();
  return copy;
}

/// What is to be destroyed by a date that is to come, each message by its number.
Result<void> Incoming::raise_about_erasures(const Pair& pair, const IncomingBatch& batch, Now now) {
  const std::string& who = pair.counterpart().text();
  for (const auto& entry : batch.entries_) {
    const auto* erasure =
        entry.record && !entry.refusal ? std::get_if<journal::Erasure>(&*entry.record) : nullptr;
    if (erasure == nullptr || erasure->received || !is_ahead(entry.entry->stamp, now.wall))
      continue;
    const auto generation =
        erasure->generation == 0 ? batch.origin_.generation : erasure->generation;
    const std::string number =
        MessageNumber{batch.origin_.from, batch.origin_.to, generation, erasure->index}.text();
    const std::string date = to_rfc3339(entry.entry->stamp.time);
    const auto raised = alarms_.raise_within(
        {AlarmCode::kErasureAhead, who,
         who +
             " asks to destroy what it sent by a date more than a day ahead of this machine's "
             "clock; it is kept meanwhile: " +
             number + " (" + date + ")",
         "Ask " + who +
             " whether this was meant, and whose clock is wrong. It is destroyed when "
             "that date has come; to let it go now: blo erasure allow " +
             who + ".",
         "", 1, number + " (" + date + ")"},
        now);
    if (!raised) return raised.error();
  }
  return {};
}

/// Each names what it is about, in the one alarm of its kind that is open for the counterpart.
Result<void> Incoming::raise_news(const Pair& pair, const IncomingBatch& batch, Standing& standing,
                                  Now now) {
  const std::string& who = pair.counterpart().text();
  for (const auto& news : standing.take_news()) {
    const std::string where =
        " in entry " + std::to_string(news.index) + " of " + batch.origin_.text();
    Alarm alarm{AlarmCode::kPolicyWeakened, who, "", "", ""};
    if (news.speaker) {
      alarm.code = AlarmCode::kOfficerIntroduced;
      alarm.also = "officer " + std::to_string(news.speaker->person) + " (" +
                   words_of(news.speaker->roles) + ")" + where;
      alarm.sentence =
          who +
          " introduced somebody who could not speak for it before, or gave them a role they "
          "did not have: " +
          alarm.also;
      alarm.next_step =
          "Call its security officer on a known number: is this one of theirs? blo "
          "pair show " +
          who + " lists who may speak, by name and since when.";
    } else {
      alarm.also = "less is asked for from" + where.substr(3) + " on";
      alarm.sentence = who + " weakened its policy for what it sends here: " + alarm.also;
      alarm.next_step =
          "Call its security officer on a known number: was this meant, and who "
          "agreed? blo policy show " +
          who + " says what is in force.";
    }
    const auto raised = alarms_.raise_within(alarm, now);
    if (!raised) return raised.error();
  }
  return {};
}

}  // namespace blo::office
