#include "office/policies.h"

#include "office/appender.h"
#include "office/office.h"
#include "office/outgoing.h"
#include "office/records.h"

namespace blo::office {
namespace {

Alarm weakened(const Pair& pair, const journal::Policy& policy, std::uint64_t set_by) {
  const std::string& who = pair.counterpart().text();
  const std::string what =
      (set_by == 0 ? "the user blod runs as" : "officer " + std::to_string(set_by)) +
      " set a policy that asks for less than the one before it: " + words_of(policy);
  return {AlarmCode::kPolicyWeakened,
          "this office for " + who,
          "Of what this office sends to " + who + " less is asked: " + what,
          "Ask them whether they meant to, and who agreed. " + who +
              " has the same alarm: blo pair show " + who + " says what is in force since when.",
          "",
          1,
          what};
}

}  // namespace

Result<void> set_policy(Office& office, Pair& pair, const journal::Policy& policy,
                        std::uint64_t set_by, Now now) {
  if (const auto open = check_carries(pair); !open) return open;
  store::Store& store = office.store();
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  Appender appender(store, pair, office.clock().dating(now), now);
  if (const auto done = appender.enter(policy); !done) return done;
  if (const auto done = appender.finish(); !done) return done;
  if (policy.asks_less_than(pair.sent->policy)) {
    const auto raised = office.alarms().raise_within(weakened(pair, policy, set_by), now);
    if (!raised) return raised.error();
  }
  if (const auto done = transaction->commit(); !done) return done;
  appender.keep(pair);
  pair.sent->policy = policy;
  pair.sent->policy_since = pair.sent->row.last_stamp.time;
  return {};
}

Result<PolicyInForce> newest_policy(store::Store& store, const store::JournalRow& row) {
  const auto newest = store.journals().newest_record(row, store::RecordKind::kPolicy);
  if (!newest) return newest.error();
  auto policy = *newest ? find_record<journal::Policy>(**newest) : std::nullopt;
  if (!policy) return PolicyInForce();
  return PolicyInForce{std::move(*policy), journal::Entry::parse((*newest)->leaf)->stamp.time};
}

}  // namespace blo::office
