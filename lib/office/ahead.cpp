#include "office/ahead.h"

#include <functional>

#include "office/erasure.h"
#include "office/records.h"

namespace blo::office {
namespace {

/// One transaction's.
constexpr std::size_t kAtOnceMax = 1'024;

/// An erasure that waits, and what it names; no row: nothing that is here, or its body is gone.
struct Waiting {
  const store::JournalRow* own;  // where its record stands
  std::uint64_t record;
  Pair* pair;
  const store::JournalRow* row;
  std::uint64_t index;
  std::optional<Erasable> what;
  bool held = false;  // whatever is due, it stays
};

Pair* pair_of(Office& office, std::int64_t journal) {
  for (const auto& pair : office.pairs()) {
    if (pair->find_journal(journal) != nullptr) return pair.get();
  }
  return nullptr;
}

Result<std::vector<Waiting>> find_waiting(Office& office,
                                          const std::vector<store::ErasureAhead>& rows) {
  auto& store = office.store();
  std::vector<Waiting> found;
  for (const auto& one : rows) {
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
    if (waiting.what) {
      const auto held = is_held(store, *pair, *row, *waiting.what);
      if (!held) return held.error();
      waiting.held = *held;
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

/// Of all that are stamped at or before `until`, those that `chosen` names; nothing: none is.
Result<std::optional<std::uint64_t>> carry_out(Office& office, WallTime until,
                                               const std::function<bool(const Waiting&)>& chosen) {
  std::optional<std::uint64_t> erased;
  std::optional<store::RecordPlace> after;
  for (;;) {
    const auto rows = office.store().clock().ahead(until, kAtOnceMax, after);
    if (!rows) return rows.error();
    auto waiting = find_waiting(office, *rows);
    if (!waiting) return waiting.error();
    std::erase_if(*waiting, std::not_fn(chosen));
    const bool any = !waiting->empty();
    std::erase_if(*waiting, [](const Waiting& one) { return one.held; });
    const auto done = carry_out(office, *waiting);
    if (!done) return done.error();
    if (any) erased = erased.value_or(0) + *done;
    if (rows->size() < kAtOnceMax) return erased;
    after = rows->back().record;
  }
}

}  // namespace

Result<std::uint64_t> erase_what_was_ahead(Office& office, Now now) {
  if (!office.clock().may_destroy(now)) return std::uint64_t{0};
  const auto erased =
      carry_out(office, now.wall + limits::kClockSkewMax, [](const Waiting&) { return true; });
  if (!erased) return erased.error();
  return erased->value_or(0);
}

Result<std::uint64_t> let_ahead(Office& office, const Ahead& what) {
  const Pair* pair = office.find(what.counterpart);
  if (pair == nullptr) return Error(OfficeError::kUnknownCounterpart, what.counterpart.text());
  if (pair->row.state == store::PairingState::kFrozen)
    return Error(OfficeError::kFrozen, frozen_why(*pair));
  const auto erased = carry_out(office, WallTime::max(), [&](const Waiting& one) {
    if (one.pair != pair) return false;
    if (!what.message) return true;
    if (one.row == nullptr) return false;
    const Origin& origin = one.row->origin;
    return MessageNumber{origin.from, origin.to, origin.generation, one.index} == *what.message;
  });
  if (!erased) return erased.error();
  if (*erased) return **erased;
  return Error(OfficeError::kNothingAhead,
               what.message ? what.message->text() : what.counterpart.text());
}

}  // namespace blo::office
