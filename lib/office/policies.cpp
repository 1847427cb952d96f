#include "office/policies.h"

#include "office/appender.h"
#include "office/outgoing.h"

namespace blo::office {

Result<void> set_policy(store::Store& store, Pair& pair, const journal::Policy& policy, Now now) {
  if (const auto open = check_carries(pair); !open) return open;
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  Appender appender(store, pair, now);
  if (const auto done = appender.enter(policy); !done) return done;
  if (const auto done = appender.finish(); !done) return done;
  if (const auto done = transaction->commit(); !done) return done;
  appender.keep(pair);
  pair.sent->policy = policy;
  return {};
}

Result<journal::Policy> newest_policy(store::Store& store, const store::JournalRow& row) {
  const auto records = store.journals().records(row);
  if (!records) return records.error();
  journal::Policy policy;
  for (const auto& stored : *records) {
    if (stored.facts.refusal) continue;
    const auto entry = journal::Entry::parse(stored.leaf);
    if (!entry || !std::holds_alternative<Bytes>(entry->what)) continue;
    const auto record = journal::parse_record(std::get<Bytes>(entry->what));
    if (!record || !std::holds_alternative<journal::Policy>(*record)) continue;
    policy = std::get<journal::Policy>(*record);
  }
  return policy;
}

}  // namespace blo::office
