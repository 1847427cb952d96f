#include "office/challenge.h"

#include "office/appender.h"
#include "office/office.h"
#include "office/outgoing.h"
#include "office/records.h"

namespace blo::office {
namespace {

/// One with this text that is under no receipt.
Result<std::optional<std::uint64_t>> find_waiting(store::Store& store, const SentJournal& sent,
                                                  const std::string& text) {
  const std::uint64_t receipted = sent.head ? sent.head->checkpoint.size : 0;
  const auto records = store.journals().records(sent.row, store::RecordKind::kChallenge, receipted);
  if (!records) return records.error();
  for (const auto& stored : *records) {
    const auto challenge = find_record<journal::AuditChallenge>(stored);
    if (challenge && challenge->text == text) return std::optional(stored.index);
  }
  return std::optional<std::uint64_t>();
}

}  // namespace

Result<std::uint64_t> enter_challenge(Office& office, Pair& pair, const std::string& text,
                                      Now now) {
  const journal::AuditChallenge challenge{text};
  if (const auto form = journal::parse_record(journal::encode_record(challenge)); !form)
    return Error(OfficeError::kMalformed, "a challenge is 1 to 100 characters of printable ASCII");
  if (const auto open = check_carries(pair); !open) return open.error();
  store::Store& store = office.store();
  const auto waiting = find_waiting(store, *pair.sent, text);
  if (!waiting) return waiting.error();
  if (*waiting) return **waiting;
  if (!pair.challenges.take(now.steady))
    return Error(OfficeError::kTooOften, "audit challenges: ten a day");
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  Appender appender(store, pair, office.clock().dating(now), now);
  const std::uint64_t index = appender.row().size();
  if (const auto done = appender.enter(challenge); !done) return done.error();
  if (const auto done = appender.finish(); !done) return done.error();
  if (const auto done = transaction->commit(); !done) return done.error();
  appender.keep(pair);
  return index;
}

}  // namespace blo::office
