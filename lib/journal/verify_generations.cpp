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

/// A generation that ended as the one before this did: an office that lost its store counts on from
/// a number that nobody has, and from the end of what it had begun since.
const JournalFacts* ended_so(const JournalFacts& facts, const Journals& journals) {
  const Origin& origin = facts.verdict.origin;
  for (const auto& [other, of] : journals) {
    const bool earlier = other.network == origin.network && other.from == origin.from &&
                         other.to == origin.to && other.generation < origin.generation;
    if (earlier && of.complete && of.verdict.size == facts.previous->size &&
        of.verdict.root == facts.previous->root)
      return &of;
  }
  return nullptr;
}

/// Of a generation that ended with entries, the export lacks them. One that ended with none, by the
/// word of the start that follows it, is nothing that an export could have.
void note_absent(JournalFacts& facts, const Journals& journals, std::uint32_t generation) {
  Origin absent = facts.verdict.origin;
  absent.generation = generation;
  if (const auto* ended = ended_so(facts, journals)) {
    return facts.note("its start names " + absent.text() + " and the end of " +
                      ended->verdict.origin.text() + ": what was between them was lost");
  }
  if (facts.previous->size == 0) {
    return facts.note("its start says that nothing is left of " + absent.text() +
                      ", which it goes on from");
  }
  facts.miss({Missing::What::kJournal, absent, 0,
              absent.text() + " is not in this export: this generation goes on from its " +
                  std::to_string(facts.previous->size) + " entries"});
}

void check_previous(JournalFacts& facts, Journals& journals) {
  if (!facts.previous) return;
  const Origin& origin = facts.verdict.origin;
  const std::uint32_t named = facts.follows();
  const auto* before = generation_of(journals, origin, named);
  if (before == nullptr) return note_absent(facts, journals, named);
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

/// A stamp names a generation of which, by the word of the start that follows it, all was lost.
void tell_lost(const JournalFacts& facts, Journals& journals) {
  if (!facts.previous || facts.previous->size > 0 || !facts.after_loss) return;
  const Origin& origin = facts.verdict.origin;
  const Origin lost{origin.network, origin.from, origin.to, facts.follows()};
  for (auto& [_, other] : journals) {
    std::erase_if(other.verdict.missing, [&](const Missing& one) {
      if (one.what != Missing::What::kJournal || one.origin != lost) return false;
      other.note(one.sentence + "; " + origin.text() + " says that all of it was lost");
      return true;
    });
  }
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
    tell_lost(facts, journals);
  }
}

}  // namespace blo::journal
