#include "office/overdue.h"

namespace blo::office {
namespace {

using store::Awaited;

struct Wait {
  Awaited what;
  AlarmCode code;
  const Patience ReceiptTimes::*times;
  const char* one;   // "message … has no receipt"
  const char* many;  // "3 messages … have no receipt"
  const char* next_step;
  bool sent = true;  // it is about messages of ours
};

constexpr Wait kWaits[] = {
    {Awaited::kReceipt, AlarmCode::kReceiptOverdue, &ReceiptTimes::stored, "has no receipt yet",
     "have no receipt yet",
     "See what the line waits for: blo status. What is urgent, say by telephone."},
    {Awaited::kOpening, AlarmCode::kOpeningOverdue, &ReceiptTimes::opened,
     "is stored there and nobody has opened it", "are stored there and nobody has opened them",
     "Call the counterpart's duty officer."},
    {Awaited::kOutcome, AlarmCode::kOutcomeOverdue, &ReceiptTimes::acted,
     "was opened there and nobody has said what came of it",
     "were opened there and nobody has said what came of them",
     "Ask the counterpart's duty officer what was done."},
    {Awaited::kReading, AlarmCode::kUnread, &ReceiptTimes::read,
     "has been here for its time and nobody has opened it",
     "have been here for their time and nobody has opened them", "Open it: blo inbox --unopened",
     false},
};

/// Entries of the journal that the wait can be about, for this patience; nothing: none.
Result<std::optional<store::OverdueQuery>> query_for(Office& office, const Pair& pair,
                                                     const store::JournalRow& row, Awaited what,
                                                     journal::Precedence precedence,
                                                     milliseconds patience, Now now) {
  const WaitTime since = office.store().waits().since(patience, now);
  store::OverdueQuery query{what, precedence, 0, row.size(), since, now.wall};
  if (what == Awaited::kReceipt) {
    if (row.id != pair.sent->row.id) return std::optional<store::OverdueQuery>();
    query.from = pair.sent->head ? pair.sent->head->checkpoint.size : 0;
  } else if (what == Awaited::kOpening) {
    const auto head = office.store().journals().head_by(row, since);
    if (!head) return head.error();
    query.to = *head;
  }
  return query.from < query.to ? std::optional(query) : std::nullopt;
}

/// What one wait finds in all generations of our journal to a counterpart.
struct Found {
  std::vector<std::pair<const store::JournalRow*, store::OverdueQuery>> queries;
  std::uint64_t count = 0;
  std::string oldest;
};

Result<void> look(Office& office, const Pair& pair, const Wait& wait, const ReceiptTimes& times,
                  Now now, Found& found) {
  std::optional<std::uint64_t> oldest;
  for (const auto* row : pair.generations(wait.sent)) {
    oldest.reset();
    for (std::size_t i = 0; i < (times.*wait.times).size(); ++i) {
      const auto& patience = (times.*wait.times)[i];
      if (!patience) continue;
      const auto precedence = static_cast<journal::Precedence>(i + 1);
      const auto query = query_for(office, pair, *row, wait.what, precedence, *patience, now);
      if (!query) return query.error();
      if (!*query) continue;
      const auto overdue = office.store().steps().overdue(*row, **query);
      if (!overdue) return overdue.error();
      if (overdue->unannounced == 0) continue;
      found.queries.emplace_back(row, **query);
      found.count += overdue->count;
      if (!oldest || overdue->oldest < *oldest) oldest = overdue->oldest;
    }
    if (oldest && found.oldest.empty()) found.oldest = number_of(*row, *oldest).text();
  }
  return {};
}

Alarm alarm_for(const Pair& pair, const Wait& wait, const Found& found) {
  const std::string name = pair.counterpart().text();
  const std::string sentence = found.count == 1 ? "Message " + found.oldest + " " + wait.one
                                                : std::to_string(found.count) + " messages " +
                                                      (wait.sent ? "to " : "from ") + name + " " +
                                                      wait.many + "; the oldest is " + found.oldest;
  return {wait.code, name, sentence, wait.next_step, ""};
}

}  // namespace

Result<void> announce_overdue(Office& office, const ReceiptTimes& times, Now now) {
  if (const auto kept = office.store().waits().keep(now); !kept) return kept;
  for (const auto& pair : office.pairs()) {
    if (!pair->carries_messages()) continue;
    for (const Wait& wait : kWaits) {
      Found found;
      if (const auto looked = look(office, *pair, wait, times, now, found); !looked) return looked;
      if (found.queries.empty()) continue;
      auto transaction = office.store().begin();
      if (!transaction) return transaction.error();
      const auto raised = office.alarms().raise_within(alarm_for(*pair, wait, found), now);
      if (!raised) return raised.error();
      if (!*raised) continue;  // an alarm is open: what it does not speak of waits for the next
      for (const auto& [row, query] : found.queries) {
        if (const auto done = office.store().steps().mark_announced(*row, query); !done)
          return done;
      }
      if (const auto done = transaction->commit(); !done) return done;
    }
  }
  return {};
}

}  // namespace blo::office
