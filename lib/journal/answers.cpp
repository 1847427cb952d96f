#include "journal/answers.h"

#include <algorithm>

#include "journal/verify_journal.h"

namespace blo::journal {
namespace {

bool same_pairing(const Origin& a, const Origin& b) {
  return a.network == b.network &&
         ((a.from == b.from && a.to == b.to) || (a.from == b.to && a.to == b.from));
}

bool opposite_direction(const Origin& a, const Origin& b) {
  return a.network == b.network && a.from == b.to && a.to == b.from;
}

/// Whether nothing stands against an entry: neither its own journal nor the counterpart's word.
bool stands_alone(const JournalFacts& facts, std::uint64_t index) {
  return !facts.refused.contains(index) && !facts.pending.has(index, facts.judged_alone);
}

}  // namespace

Result<Answers> Answers::read(std::map<Origin, JournalFacts>& journals) {
  Answers answers;
  for (auto& [origin, facts] : journals) {
    if (origin.is_trail() || facts.tree.size() == 0) continue;
    answers.tag_ = facts.tag;
    answers.origins_.push_back(origin);
    const auto read = facts.tree.read_leaves(
        [&](std::uint64_t index, ByteView leaf) { answers.add(facts, index, leaf); });
    if (!read) return read.error();
  }
  std::ranges::stable_sort(answers.messages_, {}, &Entry::tag);
  std::ranges::stable_sort(answers.steps_, {}, &Entry::tag);
  return answers;
}

void Answers::add(const JournalFacts& facts, std::uint64_t index, ByteView leaf) {
  const auto entry = journal::Entry::parse(leaf);
  const auto* message = entry ? std::get_if<SignedEnvelope>(&entry->what) : nullptr;
  if (message == nullptr) return;
  const auto envelope = Envelope::parse(message->envelope);
  if (!envelope) return;
  const auto journal = static_cast<std::uint32_t>(origins_.size() - 1);
  if (!is_step(envelope->kind)) {
    messages_.push_back({facts.tag(envelope->message_id), index, journal, false});
  } else if (envelope->in_reply_to && stands_alone(facts, index)) {
    const bool acted = envelope->kind == static_cast<std::uint32_t>(Kind::kActed);
    steps_.push_back({facts.tag(*envelope->in_reply_to), index, journal, acted});
  }
}

MessageNumber Answers::number_of(const Entry& entry) const {
  const Origin& origin = origins_[entry.journal];
  return {origin.from, origin.to, origin.generation, entry.index};
}

std::optional<MessageNumber> Answers::message(const Origin& origin, const MessageId& id) const {
  if (!tag_) return std::nullopt;
  const auto [first, last] = std::ranges::equal_range(messages_, (*tag_)(id), {}, &Entry::tag);
  const auto found = std::find_if(first, last, [&](const Entry& entry) {
    return same_pairing(origins_[entry.journal], origin);
  });
  return found == last ? std::nullopt : std::optional(number_of(*found));
}

std::vector<Answer> Answers::to(const Origin& origin, const MessageId& id) const {
  std::vector<Answer> answers;
  if (!tag_) return answers;
  const auto [first, last] = std::ranges::equal_range(steps_, (*tag_)(id), {}, &Entry::tag);
  for (auto step = first; step != last && answers.size() < kAnswersMax; ++step) {
    if (opposite_direction(origins_[step->journal], origin))
      answers.push_back({number_of(*step), step->acted});
  }
  return answers;
}

}  // namespace blo::journal
