#include "office/steps.h"

namespace blo::office {

Result<std::optional<Answered>> find_answered(store::Store& store, const Pair& pair, bool sent_ones,
                                              const MessageId& id) {
  const auto place = store.journals().find_message(pair.row.id, id);
  if (!place) return place.error();
  if (!*place) return std::optional<Answered>();
  const auto [journal, index] = **place;
  for (const auto* row : pair.generations(sent_ones)) {
    if (row->id != journal) continue;
    const auto entry = store.journals().entry(*row, index);
    if (!entry) return entry.error();
    if (journal::is_step(entry->facts.kind) || entry->facts.refusal) break;
    return std::optional(Answered{row, index});
  }
  return std::optional<Answered>();
}

Result<void> note_message(store::Store& store, const Pair& pair, const store::JournalRow& row,
                          std::uint64_t index, const journal::Envelope& envelope, Now now) {
  if (!journal::is_step(envelope.kind)) {
    // What a store is given back may have its answer before it.
    const auto opened = row.sent ? Result<std::uint32_t>(0U)
                                 : store.steps().furthest(pair.row.id, envelope.message_id);
    if (!opened) return opened.error();
    if (*opened != 0) return {};
    const auto since = store.waits().enter(now);
    if (!since) return since.error();
    return store.steps().await(row, index, {envelope.precedence, *since, envelope.expires});
  }
  if (!envelope.in_reply_to) return {};
  if (const auto done = store.steps().add(row, index, envelope.kind, *envelope.in_reply_to); !done)
    return done;
  const auto answered = find_answered(store, pair, !row.sent, *envelope.in_reply_to);
  if (!answered) return answered.error();
  if (!*answered) return {};
  const auto& [journal, place] = **answered;
  if (row.sent || envelope.kind == static_cast<std::uint32_t>(journal::Kind::kActed))
    return store.steps().note_done(*journal, place);
  const auto since = store.waits().enter(now);
  if (!since) return since.error();
  return store.steps().note_opened(*journal, place, *since);
}

}  // namespace blo::office
