#include "office/query.h"

#include <ranges>

#include "office/records.h"
#include "seal/body.h"

namespace blo::office {
namespace {

/// Refusals of what we sent in a generation stand in the counterpart's journal; found by scanning
/// its records.
Result<std::map<std::uint64_t, journal::RefusalReason>> refusals_of_ours(Office& office,
                                                                         const Pair& pair,
                                                                         std::uint32_t generation) {
  std::map<std::uint64_t, journal::RefusalReason> refusals;
  for (const auto* row : pair.generations(false)) {
    const auto records = office.store().journals().records(*row);
    if (!records) return records.error();
    for (const auto& stored : *records) {
      if (stored.facts.refusal) continue;
      const auto refusal = find_record<journal::Refusal>(stored);
      if (refusal && refusal->generation == generation) refusals[refusal->index] = refusal->reason;
    }
  }
  return refusals;
}

Author author_of(const Office& office, const Pair& pair, bool sent,
                 const identity::Fingerprint& fingerprint) {
  if (sent) {
    const auto* officer = office.officers().find(fingerprint);
    return officer == nullptr ? Author() : Author{officer->person, officer->name};
  }
  const auto found = pair.received->authors.find(fingerprint);
  return found == pair.received->authors.end() ? Author() : found->second;
}

Result<std::optional<ReceiptedHead>> receipt_for(Office& office, const store::JournalRow& row,
                                                 std::uint64_t index) {
  auto stored = office.store().journals().covering_head(row, index);
  if (!stored) return stored.error();
  if (!*stored) return std::optional<ReceiptedHead>();
  auto head = to_receipted(std::move(**stored), office.keys());
  if (!head) return head.error();
  return std::optional(std::move(*head));
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
                   {}};
  view.leaf_hash = journal::leaf_hash(stored.leaf);
  const auto entry = journal::Entry::parse(stored.leaf);
  if (!entry || !std::holds_alternative<journal::SignedEnvelope>(entry->what)) return view;
  view.stamp = entry->stamp;
  auto envelope = journal::Envelope::parse(entry->bound_bytes());
  if (!envelope) return view;
  view.author = author_of(office, pair, row.sent, envelope->officer);
  view.envelope = std::move(*envelope);
  if (const auto& release = std::get<journal::SignedEnvelope>(entry->what).release)
    view.releaser = author_of(office, pair, row.sent, release->officer);
  auto body = office.store().journals().body(row, stored.index);
  if (!body) return body.error();
  if (!body->content_key) return view;
  auto opened = seal::open_body(*body->content_key, entry->bound_bytes(), body->sealed);
  if (!opened) return opened.error().within("body of " + view.number.text());
  view.content = std::move(opened->content);
  return view;
}

Result<std::vector<MessageView>> views_of(Office& office, const Pair& pair,
                                          const store::JournalRow& row,
                                          const std::vector<store::StoredEntry>& entries) {
  std::map<std::uint64_t, journal::RefusalReason> refusals;
  if (row.sent) {
    auto found = refusals_of_ours(office, pair, row.origin.generation);
    if (!found) return found.error();
    refusals = std::move(*found);
  }
  std::vector<MessageView> views;
  for (const auto& stored : entries) {
    auto view = view_of(office, pair, row, stored);
    if (!view) return view.error();
    auto receipt = receipt_for(office, row, stored.index);
    if (!receipt) return receipt.error();
    view->receipt = std::move(*receipt);
    if (const auto refused = refusals.find(stored.index); refused != refusals.end())
      view->refusal = refused->second;
    if (view->refusal) {
      view->state = MessageState::kRefused;
    } else if (row.sent) {
      view->state = view->receipt ? MessageState::kReceipted : MessageState::kQueued;
    }
    views.push_back(std::move(*view));
  }
  return views;
}

}  // namespace

Result<std::vector<MessageView>> list_messages(Office& office, const Pair& pair, Box box,
                                               const Place& before, std::size_t count) {
  std::vector<MessageView> found;
  const auto generations = pair.generations(box == Box::kSent);
  for (const auto* row : std::views::reverse(generations)) {
    const std::uint32_t generation = row->origin.generation;
    if (generation > before.generation) continue;
    const std::uint64_t end = generation == before.generation ? before.index : UINT64_MAX;
    const auto entries = office.store().journals().newest_messages(*row, end, count - found.size());
    if (!entries) return entries.error();
    auto views = views_of(office, pair, *row, *entries);
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
  auto views = views_of(office, *pair, **row, {std::move(*stored)});
  if (!views) return views.error();
  return std::move(views->front());
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
  return views_of(office, pair, pair.received->row, entries);
}

}  // namespace blo::office
