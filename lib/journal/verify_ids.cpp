#include "journal/verify_journal.h"

namespace blo::journal {
namespace {

/// One use of an id, in which generation's journal and where.
struct Use {
  MessageId id;
  std::size_t generation;
  std::uint64_t index;
};

bool earlier(const Use& a, const Use& b) {
  if (a.id != b.id) return a.id < b.id;
  return a.generation != b.generation ? a.generation < b.generation : a.index < b.index;
}

/// Sorted: the tags that stand there more than once. The journals' own are given back.
std::vector<std::uint64_t> repeated_tags(const std::vector<JournalFacts*>& generations) {
  std::deque<std::uint64_t> tags;
  for (JournalFacts* facts : generations) {
    auto more = std::exchange(facts->id_tags, {});
    if (tags.empty()) {
      tags = std::move(more);
    } else {
      tags.insert(tags.end(), more.begin(), more.end());
    }
  }
  std::ranges::sort(tags);
  std::vector<std::uint64_t> repeated;
  for (std::size_t i = 1; i < tags.size(); ++i) {
    if (tags[i] != tags[i - 1]) continue;
    if (repeated.empty() || repeated.back() != tags[i]) repeated.push_back(tags[i]);
  }
  return repeated;
}

/// The id of a message that held by itself when it was first read, or of an officer's request,
/// whatever came of it.
std::optional<MessageId> id_of(ByteView leaf) {
  const auto entry = Entry::parse(leaf);
  if (!entry) return std::nullopt;
  if (const auto* message = std::get_if<SignedEnvelope>(&entry->what)) {
    const auto envelope = Envelope::parse(message->envelope);
    return envelope ? std::optional(envelope->message_id) : std::nullopt;
  }
  const auto record = parse_record(std::get<Bytes>(entry->what));
  const auto* act = record ? std::get_if<Act>(&*record) : nullptr;
  return act != nullptr && act->officer ? std::optional(act->request_id()) : std::nullopt;
}

/// Whose tags are among those repeated, from the entries themselves.
Result<void> find_uses(JournalFacts& facts, std::size_t generation,
                       const std::vector<std::uint64_t>& repeated, std::vector<Use>& uses) {
  return facts.tree.read_leaves([&](std::uint64_t index, ByteView leaf) {
    if (facts.pending.has(index, facts.judged_alone)) return;
    const auto id = id_of(leaf);
    if (!id || !std::ranges::binary_search(repeated, facts.tag(*id))) return;
    uses.push_back({*id, generation, index});
  });
}

}  // namespace

Result<void> verify_ids(const std::vector<JournalFacts*>& generations) {
  const auto repeated = repeated_tags(generations);
  if (repeated.empty()) return {};
  std::vector<Use> uses;
  for (std::size_t i = 0; i < generations.size(); ++i) {
    if (auto found = find_uses(*generations[i], i, repeated, uses); !found) return found;
  }
  std::ranges::sort(uses, earlier);
  for (std::size_t i = 1; i < uses.size(); ++i) {
    if (uses[i].id != uses[i - 1].id) continue;
    const auto& first = generations[uses[i - 1].generation]->verdict.origin;
    generations[uses[i].generation]->pending.add(
        uses[i].index, FindingCode::kDuplicate,
        std::string(first.is_trail() ? "its request was entered before, as entry "
                                     : "its message id was used before by entry ") +
            std::to_string(uses[i - 1].index) + " of " + first.text());
  }
  return {};
}

}  // namespace blo::journal
