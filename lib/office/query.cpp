#include "office/query.h"

#include <ranges>

#include "journal/across/claims.h"
#include "journal/across/rules.h"
#include "message/steps.h"
#include "office/head_over.h"
#include "office/records.h"
#include "seal/body.h"

namespace blo::office {
namespace {

Author author_of(const Office& office, const Pair& pair, bool sent,
                 const identity::Fingerprint& fingerprint) {
  if (sent) {
    const auto* officer = office.officers().find(fingerprint);
    return officer == nullptr ? Author() : Author{officer->person, officer->name};
  }
  const auto found = pair.received->authors.find(fingerprint);
  return found == pair.received->authors.end() ? Author() : found->second;
}

/// A message of this pairing, of either direction, by its id.
Result<std::optional<MessageNumber>> number_by_id(Office& office, const Pair& pair,
                                                  const MessageId& id) {
  const auto place = office.store().journals().find_message(pair.row.id, id);
  if (!place) return place.error();
  if (!*place) return std::optional<MessageNumber>();
  for (const bool sent : {true, false}) {
    for (const auto* row : pair.generations(sent)) {
      if (row->id == (*place)->first) return std::optional(number_of(*row, (*place)->second));
    }
  }
  return std::optional<MessageNumber>();
}

/// Whoever is given back what was lost is also told what has been destroyed since: nothing of it is
/// read before.
bool may_be_erased(const Pair& pair) {
  return pair.row.state == store::PairingState::kFrozen &&
         pair.row.recovery == store::Recovery::kRecovering;
}

/// The records by which a message of `row` was destroyed: the first of each office.
Result<std::vector<ErasureView>> erasures_of(Office& office, const Pair& pair,
                                             const store::JournalRow& row, std::uint64_t index) {
  auto& journals = office.store().journals();
  const auto places = journals.index().erasures_of(store::name_of(row, index));
  if (!places) return places.error();
  std::vector<ErasureView> views;
  for (const auto& place : *places) {
    const auto* own = pair.find_journal(place.journal);
    if (own == nullptr) continue;
    const auto stored = journals.entry(*own, place.index);
    if (!stored) return stored.error();
    const auto erasure = find_record<journal::Erasure>(*stored);
    const auto entry = journal::Entry::parse(stored->leaf);
    if (!erasure || !entry) continue;
    const auto dated = date_entry(office.store(), *own, place.index, entry->stamp.time);
    if (!dated) return dated.error();
    views.push_back({own->origin.from, *dated, erasure->rule, erasure->person, erasure->received});
  }
  std::ranges::stable_sort(views, {}, [](const ErasureView& view) { return view.stamped.time; });
  return views;
}

/// Whether what was refused for this was found to be signed by whom it names.
bool is_proven(const std::optional<journal::RefusalReason>& refusal) {
  return !refusal || *refusal == journal::RefusalReason::kDuplicate ||
         journal::is_receivers_own(*refusal);
}

/// Everything but state and receipt.
Result<MessageView> view_of(Office& office, const Pair& pair, const store::JournalRow& row,
                            const store::StoredEntry& stored) {
  MessageView view{{row.origin.from, row.origin.to, row.origin.generation, stored.index},
                   MessageState::kReceived,
                   {},
                   {},
                   stored.facts.refusal,
                   {},
                   {},
                   {},
                   {},
                   {},
                   {},
                   {},
                   {}};
  view.leaf_hash = journal::leaf_hash(stored.leaf);
  if (!stored.is_as_accepted()) {
    view.damaged = true;
    return view;
  }
  const auto entry = journal::Entry::parse(stored.leaf);
  if (!entry || !std::holds_alternative<journal::SignedEnvelope>(entry->what)) return view;
  view.stamp = entry->stamp;
  auto envelope = journal::Envelope::parse(entry->bound_bytes());
  if (!envelope) return view;
  view.unproven = !is_proven(stored.facts.refusal);
  if (!view.unproven) view.author = author_of(office, pair, row.sent, envelope->officer);
  view.envelope = std::move(*envelope);
  if (view.envelope->supersedes) {
    const auto before = number_by_id(office, pair, *view.envelope->supersedes);
    if (!before) return before.error();
    view.supersedes = *before;
  }
  if (view.envelope->in_reply_to) {
    const auto answered = number_by_id(office, pair, *view.envelope->in_reply_to);
    if (!answered) return answered.error();
    view.in_reply_to = *answered;
  }
  const auto& release = std::get<journal::SignedEnvelope>(entry->what).release;
  if (release && !view.unproven)
    view.releaser = author_of(office, pair, row.sent, release->officer);
  if (may_be_erased(pair)) {
    view.withheld = true;
    return view;
  }
  auto body = office.store().journals().body(row, stored.index);
  if (!body && body.error() != store::StoreError::kCorrupt) return body.error();
  if (body && !body->content_key) {
    view.erased = !view.refusal;
    return view;
  }
  auto opened = body ? seal::open_body(*body->content_key, entry->bound_bytes(), body->sealed)
                     : Result<seal::Opened>(body.error());
  view.damaged = !opened || seal::commit_to_content(opened->salt, opened->content) !=
                                view.envelope->commitment;
  if (!view.damaged) view.content = std::move(opened->content);
  return view;
}

/// How far a message has come; what it was refused for comes before all.
Result<MessageState> state_of(Office& office, const store::JournalRow& row,
                              const MessageView& view) {
  if (view.refusal) return MessageState::kRefused;
  if (view.envelope) {
    const auto furthest = office.store().steps().furthest(row.pairing, view.envelope->message_id);
    if (!furthest) return furthest.error();
    if (*furthest == static_cast<std::uint32_t>(journal::Kind::kActed)) return MessageState::kActed;
    if (*furthest != 0) return MessageState::kOpened;
  }
  if (!row.sent) return MessageState::kReceived;
  return view.receipt ? MessageState::kReceipted : MessageState::kQueued;
}

/// The opened and acted that answer a message of `row`; of acted the newest, at most `acted_max`.
Result<std::vector<StepView>> steps_of(Office& office, const Pair& pair,
                                       const store::JournalRow& row, const MessageId& id,
                                       std::size_t acted_max = kStepsShownMax) {
  const auto places = office.store().steps().of(row.pairing, id, acted_max);
  if (!places) return places.error();
  const auto generations = pair.generations(!row.sent);
  std::vector<StepView> steps;
  for (const auto& place : *places) {
    const auto journal = std::ranges::find(generations, place.journal,
                                           [](const auto* generation) { return generation->id; });
    if (journal == generations.end()) continue;
    const auto stored = office.store().journals().entry(**journal, place.index);
    if (!stored) return stored.error();
    const auto view = view_of(office, pair, **journal, *stored);
    if (!view) return view.error();
    const auto dated = date_entry(office.store(), **journal, place.index, view->stamp.time);
    if (!dated) return dated.error();
    StepView step{view->number, place.kind, *dated, view->author, {}, {}};
    if (const auto acted = message::read_acted(view->content)) {
      step.outcome = acted->outcome;
      step.text = acted->text;
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

/// What came of a message that was acted upon; empty where that was destroyed.
Result<std::string> newest_outcome(Office& office, const Pair& pair, const store::JournalRow& row,
                                   const MessageId& id) {
  const auto steps = steps_of(office, pair, row, id, 1);
  if (!steps) return steps.error();
  return steps->empty() ? std::string() : steps->back().outcome;
}

}  // namespace

Result<std::vector<MessageView>> view_messages(Office& office, const Pair& pair,
                                               const store::JournalRow& row,
                                               const std::vector<store::StoredEntry>& entries) {
  std::vector<MessageView> views;
  for (const auto& stored : entries) {
    auto view = view_of(office, pair, row, stored);
    if (!view) return view.error();
    auto receipt = head_over(office.store(), office.keys(), row, stored.index);
    if (!receipt) return receipt.error();
    view->receipt = std::move(*receipt);
    view->claim = view->receipt &&
                  journal::is_claim(view->stamp.time, from_unix_s(view->receipt->receipt.time_s));
    if (row.sent) {  // the counterpart's refusal stands in its journal
      const auto refused =
          office.store().journals().index().refusal_of(store::name_of(row, stored.index));
      if (!refused) return refused.error();
      if (*refused) view->refusal = (*refused)->reason;
    }
    if (view->envelope) {
      const auto held = office.store().holds().find(pair.row.id, view->envelope->message_id);
      if (!held) return held.error();
      view->held = held->has_value();
    }
    const auto state = state_of(office, row, *view);
    if (!state) return state.error();
    view->state = *state;
    const auto unopened = office.store().steps().is_unopened(row, stored.index);
    if (!unopened) return unopened.error();
    view->unopened = *unopened && !view->refusal;
    if (*state == MessageState::kActed) {
      auto outcome = newest_outcome(office, pair, row, view->envelope->message_id);
      if (!outcome) return outcome.error();
      view->outcome = std::move(*outcome);
    }
    views.push_back(std::move(*view));
  }
  return views;
}

Result<std::vector<MessageView>> list_messages(Office& office, const Pair& pair, Box box,
                                               const Place& before, std::size_t count,
                                               store::JournalStore::Steps steps) {
  std::vector<MessageView> found;
  const auto generations = pair.generations(box == Box::kSent);
  for (const auto* row : std::views::reverse(generations)) {
    const std::uint32_t generation = row->origin.generation;
    if (generation > before.generation) continue;
    const std::uint64_t end = generation == before.generation ? before.index : UINT64_MAX;
    const auto entries =
        office.store().journals().newest_messages(*row, {0, end}, count - found.size(), steps);
    if (!entries) return entries.error();
    auto views = view_messages(office, pair, *row, *entries);
    if (!views) return views.error();
    std::ranges::move(*views, std::back_inserter(found));
    if (found.size() == count) break;
  }
  return found;
}

Result<MessageView> show_message(Office& office, const MessageNumber& number) {
  const bool sent = number.from == office.keys().id;
  const Pair* pair = office.find(sent ? number.to : number.from);
  const Error not_found(OfficeError::kNotFound, number.text());
  if (pair == nullptr || (!sent && number.to != office.keys().id)) return not_found;
  const auto generations = pair->generations(sent);
  const auto row = std::ranges::find(generations, number.generation,
                                     [](const auto* one) { return one->origin.generation; });
  if (row == generations.end() || number.index >= (*row)->size()) return not_found;
  auto stored = office.store().journals().entry(**row, number.index);
  if (!stored) return stored.error();
  if (stored->facts.kind == 0) return not_found;
  auto views = view_messages(office, *pair, **row, {std::move(*stored)});
  if (!views) return views.error();
  MessageView& view = views->front();
  if (view.withheld) return Error(OfficeError::kMayBeErased, pair->counterpart().text());
  auto erasures = erasures_of(office, *pair, **row, number.index);
  if (!erasures) return erasures.error();
  view.erasures = std::move(*erasures);
  for (auto& erasure : view.erasures) erasure.waits = !erasure.copy && !view.erased;
  if (view.held) {
    auto hold = find_hold(office, *pair, view.envelope->message_id);
    if (!hold) return hold.error();
    view.hold = std::move(*hold);
  }
  if (view.envelope && !view.refusal) {
    auto steps = steps_of(office, *pair, **row, view.envelope->message_id);
    if (!steps) return steps.error();
    view.steps = std::move(*steps);
  }
  return std::move(view);
}

Result<std::vector<MessageView>> arrived_messages(Office& office, const Pair& pair,
                                                  std::uint64_t first, std::uint64_t end) {
  std::vector<store::StoredEntry> entries;
  const auto read = office.store().journals().entries(
      pair.received->row, first, end, [&](store::StoredEntry entry) {
        if (entry.facts.kind != 0 && !entry.facts.refusal) entries.push_back(std::move(entry));
        return true;
      });
  if (!read) return read.error();
  return view_messages(office, pair, pair.received->row, entries);
}

}  // namespace blo::office
