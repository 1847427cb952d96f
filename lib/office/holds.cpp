#include "office/holds.h"

#include "office/eraser.h"
#include "office/erasure.h"
#include "office/records.h"

namespace blo::office {
namespace {

struct Found {
  Pair* pair;
  const store::JournalRow* row;
  MessageId id;
};

Result<Found> find_message(Office& office, const MessageNumber& number) {
  const Error not_found(OfficeError::kNotFound, number.text());
  const bool sent = number.from == office.keys().id;
  Pair* pair = office.find(sent ? number.to : number.from);
  if (pair == nullptr || !pair->sent || (!sent && number.to != office.keys().id)) return not_found;
  for (const auto* row : pair->generations(sent)) {
    if (row->origin.generation != number.generation || number.index >= row->size()) continue;
    const auto stored = office.store().journals().entry(*row, number.index);
    if (!stored) return stored.error();
    if (!stored->facts.message_id || stored->facts.refusal) return not_found;
    return Found{pair, row, *stored->facts.message_id};
  }
  return not_found;
}

/// An erasure that a hold stopped when it came, and what it names.
struct Waiting {
  Erased erased;
  Erasable what;
};

Result<std::vector<Waiting>> find_waiting(store::Store& store, const Pair& pair) {
  std::vector<Waiting> waiting;
  for (const auto* row : pair.generations(false)) {
    const auto held = store.journals().index().held(*row);
    if (!held) return held.error();
    for (const auto& [index, place] : *held) {
      const auto* own = pair.find_journal(place.journal);
      if (own == nullptr || index >= row->size()) continue;
      const auto stored = store.journals().entry(*own, place.index);
      if (!stored) return stored.error();
      const auto erasure = find_record<journal::Erasure>(*stored);
      const auto body = store.journals().has_body(*row, index);
      if (!body) return body.error();
      const auto named = store.journals().entry(*row, index);
      if (!named) return named.error();
      auto what = erasable_in(*named);
      if (!erasure || !*body || !what) continue;
      waiting.push_back({{row, index, erasure->rule}, std::move(*what)});
    }
  }
  return waiting;
}

HoldView view_of(const MessageNumber& number, const store::HoldRow& hold,
                 const std::vector<Waiting>& waiting) {
  const auto is_it = [&hold](const Waiting& one) {
    return one.what.envelope && one.what.envelope->message_id == hold.message_id;
  };
  return {number, hold.placed, hold.person, hold.reason, std::ranges::any_of(waiting, is_it)};
}

}  // namespace

Result<void> place_hold(Office& office, const MessageNumber& number, const std::string& reason,
                        std::uint64_t person, Now now) {
  auto& store = office.store();
  const auto found = find_message(office, number);
  if (!found) return found.error();
  const auto body = store.journals().has_body(*found->row, number.index);
  if (!body) return body.error();
  if (!*body) return Error(OfficeError::kErased, number.text());
  const auto held = store.holds().find(found->pair->row.id, found->id);
  if (!held) return held.error();
  if (*held) return Error(OfficeError::kHeld, number.text());
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  const auto put = store.holds().put({found->pair->row.id, found->id, now.wall, person, reason});
  if (!put) return put;
  return transaction->commit();
}

Result<std::uint64_t> lift_hold(Office& office, const MessageNumber& number,
                                const store::OfficerRow& officer, Now now) {
  auto& store = office.store();
  const auto found = find_message(office, number);
  if (!found) return found.error();
  const auto held = store.holds().find(found->pair->row.id, found->id);
  if (!held) return held.error();
  if (!*held) return Error(OfficeError::kNotHeld, number.text());
  if ((*held)->person != officer.person &&
      !officer.certificate.details().has_role(identity::Role::kSecurityOfficer)) {
    return Error(OfficeError::kNotAuthorised, "a hold is lifted by officer " +
                                                  std::to_string((*held)->person) +
                                                  ", who placed it, or by a security officer");
  }
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  if (const auto done = store.holds().remove(**held); !done) return done.error();
  if (const auto done = transaction->commit(); !done) return done.error();
  return erase_what_waits(office, *found->pair, officer.person, now);
}

Result<std::vector<HoldView>> list_holds(Office& office) {
  const auto holds = office.store().holds().all();
  if (!holds) return holds.error();
  std::map<std::int64_t, std::vector<Waiting>> waiting;
  std::vector<HoldView> views;
  for (const auto& hold : *holds) {
    const auto pair = std::ranges::find(office.pairs(), hold.pairing,
                                        [](const auto& one) { return one->row.id; });
    if (pair == office.pairs().end()) continue;
    const auto place = office.store().journals().find_message(hold.pairing, hold.message_id);
    if (!place) return place.error();
    if (!*place) continue;  // what this store lost comes back
    const auto* row = (*pair)->find_journal((*place)->first);
    if (row == nullptr) continue;
    if (!waiting.contains(hold.pairing)) {
      auto found = find_waiting(office.store(), **pair);
      if (!found) return found.error();
      waiting.emplace(hold.pairing, std::move(*found));
    }
    views.push_back(
        view_of({row->origin.from, row->origin.to, row->origin.generation, (*place)->second}, hold,
                waiting.at(hold.pairing)));
  }
  return views;
}

Result<std::optional<HoldView>> find_hold(Office& office, const Pair& pair,
                                          const MessageNumber& number, const MessageId& id) {
  const auto hold = office.store().holds().find(pair.row.id, id);
  if (!hold) return hold.error();
  if (!*hold) return std::optional<HoldView>();
  const auto waiting = find_waiting(office.store(), pair);
  if (!waiting) return waiting.error();
  return std::optional(view_of(number, **hold, *waiting));
}

Result<std::uint64_t> erase_what_waits(Office& office, Pair& pair, std::uint64_t person, Now now) {
  if (!pair.sent || pair.row.state == store::PairingState::kFrozen) return std::uint64_t{0};
  auto waiting = find_waiting(office.store(), pair);
  if (!waiting) return waiting.error();
  std::vector<Erased> free;
  std::uint64_t contents = 0;
  for (auto& one : *waiting) {
    const auto held = is_held(office.store(), pair, *one.erased.row, one.what);
    if (!held) return held.error();
    if (*held) continue;
    if (one.what.envelope) ++contents;
    free.push_back(std::move(one.erased));
  }
  if (const auto done = erase_bodies(office.store(), pair, free, person, now); !done)
    return done.error();
  return contents;
}

}  // namespace blo::office
