#include "base/hex.h"
#include "journal/verify_journal.h"

namespace blo::journal {
namespace {

using Journals = std::map<Origin, JournalFacts>;

JournalFacts* generation_of(Journals& journals, Origin origin, std::uint32_t generation) {
  origin.generation = generation;
  const auto found = journals.find(origin);
  return found == journals.end() ? nullptr : &found->second;
}

std::string to_text(const ClosedGeneration& end) {
  return "size " + std::to_string(end.size) + " root " + to_hex(end.root);
}

void check_previous(JournalFacts& facts, Journals& journals) {
  if (!facts.previous) return;
  const Origin& origin = facts.verdict.origin;
  const std::uint32_t named = facts.follows();
  const auto* before = generation_of(journals, origin, named);
  if (before == nullptr) {
    facts.note("generation " + std::to_string(named) +
               ", which this one follows, is not in this export");
    return;
  }
  if (!before->complete) return;  // what is missing there is a finding of its own
  const StampOrder order = facts.first_stamps
                               ? before->last_stamps.order_of_heads(*facts.first_stamps)
                               : StampOrder::kGoesOn;
  const auto goes_back = [&facts](std::uint64_t index) {
    facts.pending.add(index, FindingCode::kStamp,
                      "the stamp goes back behind the generation before");
  };
  if (order == StampOrder::kHeadGoesBack) goes_back(0);
  // Without receipts, as in a trail, nobody can tell which of two times was wrong.
  const bool back = facts.first_sure && facts.counterpart && before->counterpart &&
                    facts.first_sure->second < before->last_stamps.last().time;
  if (back && !(order == StampOrder::kHeadGoesBack && facts.first_sure->first == 0))
    goes_back(facts.first_sure->first);
  const ClosedGeneration end{before->verdict.size, before->verdict.root,
                             facts.previous->generation};
  if (*facts.previous == end) return;
  facts.findings.add(
      FindingCode::kGeneration, "entry 0",
      "it does not begin where " + before->verdict.origin.text() + " ends in this export",
      "named " + to_text(*facts.previous) + " there " + to_text(end));
}

void check_erasures(JournalFacts& facts, Journals& journals) {
  for (const ErasureClaim& claim : facts.erasures) {
    const Origin& own = facts.verdict.origin;
    const Origin origin =
        claim.received ? Origin{own.network, own.to, own.from, claim.generation} : own;
    const auto* named = generation_of(journals, origin, claim.generation);
    if (named == nullptr || !named->complete) continue;
    if (claim.erased < named->erasable.size() && named->erasable[claim.erased]) continue;
    facts.pending.add(claim.index, FindingCode::kErasure,
                      "what is erased is neither a message nor an officer's name");
  }
}

}  // namespace

void verify_generations(Journals& journals) {
  for (auto& [origin, facts] : journals) {
    check_previous(facts, journals);
    check_erasures(facts, journals);
  }
}

}  // namespace blo::journal
