#include "office/ahead.h"

#include "office/erasure.h"
#include "office/records.h"

namespace blo::office {
namespace {

/// An erasure that waits, and what it names; no row: nothing that is here, or its body is gone.
struct Waiting {
  const store::JournalRow* own;  // where its record stands
  std::uint64_t record;
  Pair* pair;
  const store::JournalRow* row;
  std::uint64_t index;
  std::optional<Erasable> what;
};

Pair* pair_of(Office& office, std::int64_t journal) {
  for (const auto& pair : office.pairs()) {
    if (pair->find_journal(journal) != nullptr) return pair.get();
  }
  return nullptr;
}

Result<std::vector<Waiting>> find_waiting(Office& office, WallTime until) {
  auto& store = office.store();
  const auto rows = store.clock().ahead(until);
  if (!rows) return rows.error();
  std::vector<Waiting> found;
  for (const auto& one : *rows) {
    Pair* pair = pair_of(office, one.record.journal);
    if (pair == nullptr || pair->row.state == store::PairingState::kFrozen) continue;
    const auto* own = pair->find_journal(one.record.journal);
    const auto stored = store.journals().entry(*own, one.record.index);
    if (!stored) return stored.error();
    const auto erasure = find_record<journal::Erasure>(*stored);
    const auto* row = erasure ? journal_of(*pair, *own, *erasure) : nullptr;
    Waiting waiting{own, one.record.index, pair, nullptr, 0, {}};
    if (row != nullptr && erasure->index < row->size()) {
      const auto named = store.journals().entry(*row, erasure->index);
      if (!named) return named.error();
      const auto body = store.journals().has_body(*row, erasure->index);
      if (!body) return body.error();
      waiting.index = erasure->index;
      if (*body) {
        waiting.row = row;
        waiting.what = erasable_in(*named);
      }
    }
    found.push_back(std::move(waiting));
  }
  return found;
}

void forget_name(Pair& pair, std::uint64_t person) {
  for (auto& [certificate, author] : pair.received->authors) {
    if (author.person == person) author.name = {};
  }
}

/// One transaction. Of what was destroyed otherwise meanwhile nothing waits any more.
Result<std::uint64_t> carry_out(Office& office, const std::vector<Waiting>& waiting) {
  if (waiting.empty()) return std::uint64_t{0};
  auto& store = office.store();
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  std::uint64_t erased = 0;
  std::vector<const Waiting*> names;
  for (const auto& one : waiting) {
    if (one.what) {
      const auto held = is_held(store, *one.pair, *one.row, *one.what);
      if (!held) return held.error();
      if (*held) continue;
      const auto gone = store.journals().erase_body(*one.row, one.index);
      if (!gone) return gone.error();
      if (const auto done = store.steps().note_done(*one.row, one.index); !done)
        return done.error();
      if (!one.what->envelope) names.push_back(&one);
      ++erased;
    }
    if (const auto done = store.clock().remove_ahead(*one.own, one.record); !done)
      return done.error();
  }
  if (const auto done = transaction->commit(); !done) return done.error();
  for (const auto* one : names) forget_name(*one->pair, one->what->person);
  if (const auto done = store.wipe_leftovers(); !done) return done.error();
  return erased;
}

}  // namespace

Result<std::uint64_t> erase_what_was_ahead(Office& office, Now now) {
  if (!office.clock().may_destroy(now)) return std::uint64_t{0};
  const auto waiting = find_waiting(office, now.wall + limits::kClockSkewMax);
  if (!waiting) return waiting.error();
  return carry_out(office, *waiting);
}

Result<std::uint64_t> let_ahead(Office& office, const Ahead& what) {
  const Pair* pair = office.find(what.counterpart);
  if (pair == nullptr) return Error(OfficeError::kUnknownCounterpart, what.counterpart.text());
  if (pair->row.state == store::PairingState::kFrozen)
    return Error(OfficeError::kFrozen, frozen_why(*pair));
  auto waiting = find_waiting(office, WallTime::max());
  if (!waiting) return waiting.error();
  std::erase_if(*waiting, [&](const Waiting& one) {
    if (one.pair != pair) return true;
    if (!what.message) return false;
    if (one.row == nullptr) return true;
    const Origin& origin = one.row->origin;
    return MessageNumber{origin.from, origin.to, origin.generation, one.index} != *what.message;
  });
  if (waiting->empty()) {
    return Error(OfficeError::kNothingAhead,
                 what.message ? what.message->text() : what.counterpart.text());
  }
  return carry_out(office, *waiting);
}

}  // namespace blo::office
