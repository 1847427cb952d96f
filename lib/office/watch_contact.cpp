#include "office/watching.h"

namespace blo::office {
namespace {

/// How exactly the next run knows when a counterpart was last heard.
constexpr milliseconds kKeptEvery{10 * 60'000};

std::string mark_of(const Pair& pair) { return "contact " + pair.counterpart().text(); }

Result<void> keep(Office& office, const Pair& pair, Now now) {
  auto transaction = office.store().begin();
  if (!transaction) return transaction.error();
  const auto here = office.store().waits().enter(now);
  if (!here) return here.error();
  const auto done = office.store().marks().put(
      mark_of(pair), static_cast<std::uint64_t>(here->time_since_epoch().count()));
  if (!done) return done;
  return transaction->commit();
}

std::string in_hours(milliseconds time) {
  const auto hours = std::chrono::floor<std::chrono::hours>(time).count();
  return hours == 1 ? "an hour" : std::to_string(hours) + " hours";
}

Alarm alarm_for(const Pair& pair, milliseconds silent, milliseconds patience) {
  Alarm alarm{AlarmCode::kNoContact, pair.counterpart().text(),
              "Nothing was heard of " + pair.counterpart().text() + " in " + in_hours(silent) +
                  " that blod ran",
              "See what the line waits for: blo status. Call the counterpart; until the line is "
              "back, say by telephone what is urgent.",
              ""};
  alarm.measure = {static_cast<std::uint64_t>(silent / patience) + 1, 1};
  return alarm;
}

}  // namespace

/// One that was never heard, or not since this is watched, is waited for from now on.
Result<ContactWatch::Heard*> ContactWatch::known(Office& office, const Pair& pair, Now now) {
  const auto found = heard_.find(&pair);
  if (found != heard_.end()) return &found->second;
  const auto mark = office.store().marks().find(mark_of(pair));
  if (!mark) return mark.error();
  WaitTime at = office.store().waits().since(milliseconds(0), now);
  if (*mark) {
    at = WaitTime(milliseconds(static_cast<std::int64_t>(**mark)));
  } else if (const auto kept = keep(office, pair, now); !kept) {
    return kept.error();
  }
  return &heard_.emplace(&pair, Heard{at, at, WallTime()}).first->second;
}

Result<void> ContactWatch::look(Office& office, milliseconds patience, Now now) {
  const WaitTime here = office.store().waits().since(milliseconds(0), now);
  for (const auto& pair : office.pairs()) {
    if (!pair->carries_messages()) {
      heard_.erase(pair.get());
      continue;
    }
    const auto heard = known(office, *pair, now);
    if (!heard) return heard.error();
    if (pair->last_contact != (*heard)->last_contact) {
      (*heard)->last_contact = pair->last_contact;
      (*heard)->at = here;
      const auto over = office.alarms().shrunk(AlarmCode::kNoContact, pair->counterpart().text());
      if (!over) return over;
    }
    if ((*heard)->at - (*heard)->kept >= kKeptEvery) {
      if (const auto kept = keep(office, *pair, now); !kept) return kept;
      (*heard)->kept = here;
    }
    const milliseconds silent = here - (*heard)->at;
    if (silent < patience) continue;
    const auto raised = office.alarms().raise(alarm_for(*pair, silent, patience), now);
    if (!raised) return raised.error();
  }
  return {};
}

}  // namespace blo::office
