#include "office/policies.h"

#include "office/appender.h"
#include "office/outgoing.h"
#include "office/records.h"

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
    if (auto found = find_record<journal::Policy>(stored)) policy = std::move(*found);
  }
  return policy;
}

}  // namespace blo::office
