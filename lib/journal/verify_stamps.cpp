#include "journal/verify_stamps.h"

#include <memory>
#include <numeric>

namespace blo::journal {
namespace {

using Journals = std::map<Origin, JournalFacts>;
using Extent = NamedGeneration::Extent;

JournalFacts* opposite(Journals& journals, const Origin& of, std::uint32_t generation) {
  const auto found = journals.find(Origin{of.network, of.to, of.from, generation});
  return found == journals.end() ? nullptr : &found->second;
}

NamedGeneration named_generation(Journals& journals, const Origin& of, std::uint32_t generation) {
  if (of.is_trail()) return {Extent::kNone};
  const auto* named = opposite(journals, of, generation);
  if (named == nullptr) return {Extent::kAbsent};
  const auto* next = opposite(journals, of, generation + 1);
  return {named->complete ? Extent::kWhole : Extent::kPart, named->tree.size(),
          next != nullptr && next->after_loss};
}

/// By what they name: a tree is walked once for all of them.
std::vector<std::uint32_t> in_order(const std::deque<StampClaim>& claims) {
  const auto before = [](const StampClaim& a, const StampClaim& b) {
    return std::pair(a.generation, a.size) < std::pair(b.generation, b.size);
  };
  if (std::ranges::is_sorted(claims, before)) return {};
  std::vector<std::uint32_t> order(claims.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(
      order, [&](std::uint32_t a, std::uint32_t b) { return before(claims[a], claims[b]); });
  return order;
}

/// The counterpart names only heads that it has receipted.
void keep_named(const StampClaim& claim, JournalFacts& named) {
  if (claim.verdict == StampVerdict::kHolds)
    named.named_size = std::max(named.named_size, claim.size);
}

Result<void> judge_claims(JournalFacts& facts, Journals& journals) {
  const Origin& origin = facts.verdict.origin;
  const auto order = in_order(facts.claims);
  std::uint32_t generation = 0;
  JournalFacts* named = nullptr;
  NamedGeneration extent;
  std::unique_ptr<KeptRoots> roots;
  for (std::size_t i = 0; i < facts.claims.size(); ++i) {
    StampClaim& claim = facts.claims[order.empty() ? i : order[i]];
    if (claim.generation != generation) {
      generation = claim.generation;
      extent = named_generation(journals, origin, generation);
      named = opposite(journals, origin, generation);
      if (extent.extent == Extent::kAbsent) facts.absent_named.insert(generation);
      roots = named == nullptr ? nullptr : std::make_unique<KeptRoots>(named->tree);
    }
    const Stamp stamp{{}, claim.generation, claim.size, {}};
    const auto verdict = judge_stamp(stamp, extent, [&](std::uint64_t size) -> Result<bool> {
      const auto root = roots->at(size);
      if (!root) return root.error();
      return facts.tag(*root) == claim.root_tag;
    });
    if (!verdict) return verdict.error();
    claim.verdict = *verdict;
    if (named != nullptr) keep_named(claim, *named);
  }
  return {};
}

/// An opposite journal's word that a stamp is false counts where that stamp names a generation of
/// it that this export does not have: there may be none.
Result<void> take_called_false(const JournalFacts& facts, Journals& journals) {
  for (const Refusal& refusal : facts.called_false) {
    auto* named = opposite(journals, facts.verdict.origin, refusal.generation);
    if (named == nullptr || refusal.index >= named->tree.size()) continue;
    const auto there = named->tree.leaf_hash(refusal.index);
    if (!there) return there.error();
    if (*there == refusal.leaf_hash) named->refused_stamps.insert(refusal.index);
  }
  return {};
}

}  // namespace

Result<void> judge_stamps(Journals& journals) {
  for (auto& [origin, facts] : journals) {
    if (auto judged = judge_claims(facts, journals); !judged) return judged;
    if (auto taken = take_called_false(facts, journals); !taken) return taken;
  }
  return {};
}

StampVerdict JudgedStamps::of(std::uint64_t index, const ParsedLeaf& leaf) {
  if (!leaf.entry || leaf.entry->stamp.generation == 0) return StampVerdict::kHolds;
  const auto& claims = facts_.claims;
  if (next_ < claims.size() && claims[next_].index <= index) ++next_;
  const StampVerdict verdict = claims[next_ - 1].verdict;
  const bool refused = verdict == StampVerdict::kUnjudged && facts_.refused_stamps.contains(index);
  return refused ? StampVerdict::kFalse : verdict;
}

}  // namespace blo::journal
