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

/// One dated more than a day ahead goes on waiting: it would have without the hold.
Result<std::vector<Waiting>> find_waiting(store::Store& store, const Pair& pair, Now now) {
  std::vector<Waiting> waiting;
  for (const auto* row : pair.generations(false)) {
    const auto held = store.journals().index().held(*row);
    if (!held) return held.error();
    for (const auto& [index, place] : *held) {
      const auto* own = pair.find_journal(place.journal);
      if (own == nullptr || index >= row->size()) continue;
      const auto stored = store.journals().entry(*own, place.index);
      if (!stored) return stored.error();
      const auto entry = journal::Entry::parse(stored->leaf);
      if (!entry || is_ahead(entry->stamp, now.wall)) continue;
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

Result<HoldView> view_of(store::Store& store, const store::JournalRow& row, std::uint64_t index,
                         const store::HoldRow& hold) {
  const MessageNumber number{row.origin.from, row.origin.to, row.origin.generation, index};
  HoldView view{hold.key(), number, hold.placed, hold.person, hold.reason, false};
  if (row.sent) return view;
  const auto erasure = store.journals().index().is_held(store::name_of(row, index));
  if (!erasure) return erasure.error();
  const auto body = store.journals().has_body(row, index);
  if (!body) return body.error();
  view.erasure_waits = *erasure && *body;
  return view;
}

/// Nothing: its message is not here; what this store lost comes back.
Result<std::optional<HoldView>> find_view(Office& office, const store::HoldRow& hold) {
  const std::optional<HoldView> nothing;
  const auto pair =
      std::ranges::find(office.pairs(), hold.pairing, [](const auto& one) { return one->row.id; });
  if (pair == office.pairs().end()) return nothing;
  const auto place = office.store().journals().find_message(hold.pairing, hold.message_id);
  if (!place) return place.error();
  const auto* row = *place ? (*pair)->find_journal((*place)->first) : nullptr;
  if (row == nullptr) return nothing;
  auto view = view_of(office.store(), *row, (*place)->second, hold);
  if (!view) return view.error();
  return std::optional(std::move(*view));
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

Result<std::vector<HoldView>> list_holds(Office& office, const Page<store::HoldKey>& page) {
  std::vector<HoldView> views;
  Page<store::HoldKey> next = page;
  for (;;) {
    const auto holds = office.store().holds().list(next);
    if (!holds) return holds.error();
    for (const auto& hold : *holds) {
      auto view = find_view(office, hold);
      if (!view) return view.error();
      if (*view) views.push_back(std::move(**view));
      if (views.size() == page.rows_sought()) return views;
    }
    if (holds->size() < next.rows_sought()) return views;
    next = Page<store::HoldKey>(holds->back().key(), page.rows());
  }
}

Result<std::optional<HoldView>> find_hold(Office& office, const Pair& pair, const MessageId& id) {
  const auto hold = office.store().holds().find(pair.row.id, id);
  if (!hold) return hold.error();
  if (!*hold) return std::optional<HoldView>();
  return find_view(office, **hold);
}

Result<std::uint64_t> erase_what_waits(Office& office, Pair& pair, std::uint64_t person, Now now) {
  if (!pair.sent || pair.row.state == store::PairingState::kFrozen) return std::uint64_t{0};
  auto waiting = find_waiting(office.store(), pair, now);
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
  if (free.empty()) return std::uint64_t{0};
  const auto may = office.clock().may_destroy(now);
  if (!may) {
    if (const auto noted = office.clock().note_destroyed(false, now); !noted) return noted.error();
    return std::uint64_t{0};
  }
  if (const auto done = erase_bodies(office, pair, free, *may, person, now); !done)
    return done.error();
  return contents;
}

}  // namespace blo::office
