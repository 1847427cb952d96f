// A journal goes on in its next generation, under a new key: closed here, and followed there.
#include "office/generations.h"

#include "office/office.h"
#include "office/policies.h"

namespace blo::office {

Result<void> Office::open_next_generation(Pair& pair, Now now) {
  if (const auto open = check_carries(pair); !open) return open;
  if (const auto fine = clock_.check(now); !fine) return fine;
  const SentJournal& old = *pair.sent;
  const std::uint64_t receipted = old.head ? old.head->checkpoint.size : 0;
  if (receipted < old.row.size()) {
    return Error(OfficeError::kUnreceipted,
                 std::to_string(old.row.size() - receipted) + " for " + pair.counterpart().text());
  }
  auto transaction = store_->begin();
  if (!transaction) return transaction.error();
  auto begun = begin_generation(pair, false, now);
  if (!begun) return begun.error();
  for (const auto& revocation : officers_.revocations()) {
    const auto added = begun->writer.add_record(journal::RevocationRecord{revocation.bytes()});
    if (!added) return added.error();
  }
  if (const auto done = begun->writer.finish(); !done) return done;
  if (const auto done = transaction->commit(); !done) return done;
  keep_generation(pair, std::move(*begun));
  return store_->wipe_leftovers();
}

Result<BegunGeneration> Office::begin_generation(const Pair& pair, bool after_loss, Now now) {
  const SentJournal& old = *pair.sent;
  Origin origin = old.row.origin;
  ++origin.generation;
  auto key = crypto::SigningKey::generate();
  const auto certificate = certify_journal(keys_, origin, key.verify_key(), now);
  auto row = store_->journals().create(pair.row.id, origin, true, certificate.bytes(), &key.seed());
  if (!row) return row.error();
  row->last_stamp = old.row.last_stamp;
  auto policy = newest_policy(*store_, old.row);
  if (!policy) return policy.error();
  BegunGeneration begun{Writer(*store_, *row, clock_.dating(now), pair.receipted()),
                        std::move(key),
                        std::move(policy->policy),
                        {}};
  std::vector<journal::Record> records{
      journal::GenerationStart{keys_.authority.bytes(), keys_.certificate.bytes(),
                               certificate.bytes(), closed(old.row), after_loss}};
  // A generation is read by itself: what is in force stands in it again.
  if (begun.policy != journal::Policy()) records.emplace_back(begun.policy);
  for (const auto& record : records) {
    if (const auto added = begun.writer.add_record(record); !added) return added.error();
  }
  if (const auto done = store_->journals().destroy_seed(old.row); !done) return done.error();
  return begun;
}

void Office::keep_generation(Pair& pair, BegunGeneration begun) {
  std::vector<store::JournalRow> earlier = std::move(pair.sent->earlier);
  earlier.push_back(std::move(pair.sent->row));
  SentJournal next{begun.writer.row(),
                   std::move(begun.key),
                   std::move(begun.announced),
                   {},
                   begun.writer.row().last_stamp.time,
                   std::move(begun.policy),
                   pair.sent->policy_since,
                   std::move(earlier)};
  pair.sent = std::move(next);
}

std::optional<NextGeneration> next_generation(const Pair& pair, ByteView certificate) {
  const auto parsed = identity::Certificate::parse(certificate);
  if (!parsed) return std::nullopt;
  Origin origin = pair.received->row.origin;
  ++origin.generation;
  if (!identity::check_journal(pair.theirs->office, *parsed, origin)) return std::nullopt;
  const auto key = parsed->details().verify_key(identity::KeyUse::kJournal);
  if (!key) return std::nullopt;
  return NextGeneration{origin, *parsed, *key};
}

namespace {

/// Of the counterpart's journal that a certificate of its office is for.
std::optional<std::uint32_t> certified_generation(const Pair& pair, ByteView certificate) {
  const auto parsed = identity::Certificate::parse(certificate);
  const auto origin = parsed ? Origin::parse(parsed->details().subject) : std::nullopt;
  if (!origin || origin->network != pair.theirs->network || origin->from != pair.counterpart() ||
      origin->to != pair.ours.from ||
      !identity::check_journal(pair.theirs->office, *parsed, *origin)) {
    return std::nullopt;
  }
  return origin->generation;
}

}  // namespace

bool is_far_generation(const Pair& pair, ByteView certificate) {
  const auto generation = certified_generation(pair, certificate);
  return generation && *generation > pair.received->row.origin.generation + 1;
}

bool is_earlier_generation(const Pair& pair, ByteView certificate) {
  const auto generation = certified_generation(pair, certificate);
  return generation && *generation <= pair.received->row.origin.generation;
}

Result<void> check_follows(const ReceivedJournal& received, const journal::ReadEntry& first) {
  const auto* start = first.record && !first.refusal
                          ? std::get_if<journal::GenerationStart>(&*first.record)
                          : nullptr;
  if (start != nullptr && start->previous == closed(received.row)) return {};
  return Error(OfficeError::kHeadMismatch,
               "the next generation does not begin where " + received.row.origin.text() + " ends");
}

}  // namespace blo::office
