#include "base/hex.h"
#include "journal/verify_journal.h"

namespace blo::journal {
namespace {

constexpr std::size_t kNotesMax = 50;

using Journals = std::map<Origin, JournalFacts>;

JournalFacts* opposite(Journals& journals, const Origin& of, std::uint32_t generation) {
  const auto found = journals.find(Origin{of.network, of.to, of.from, generation});
  return found == journals.end() ? nullptr : &found->second;
}

std::string entry_place(std::uint64_t index) { return "entry " + std::to_string(index); }

/// Walks the opposite journal's tree once for all stamps that name it: they never decrease.
void check_claims(JournalFacts& facts, const JournalFacts& named,
                  std::span<const StampClaim> claims) {
  Frontier tree;
  for (const StampClaim& claim : claims) {
    if (claim.size > named.leaf_hashes.size()) {
      if (!named.complete) return;  // what is missing there is a finding of its own
      facts.findings.add(FindingCode::kInterlock, entry_place(claim.index),
                         "its stamp names " + std::to_string(claim.size) + " entries of " +
                             named.verdict.origin.text() + "; the export has " +
                             std::to_string(named.leaf_hashes.size()));
      continue;
    }
    while (tree.size() < claim.size) tree.append(named.leaf_hashes[tree.size()]);
    if (tree.root() == claim.root) continue;
    facts.findings.add(FindingCode::kInterlock, entry_place(claim.index),
                       "its stamp names another root of " + named.verdict.origin.text() +
                           " at size " + std::to_string(claim.size) + " than its entries give",
                       "stamped " + to_hex(claim.root) + " computed " + to_hex(tree.root()));
  }
}

void check_interlock(JournalFacts& facts, Journals& journals) {
  std::span<const StampClaim> rest = facts.claims;
  while (!rest.empty()) {
    const auto end = std::ranges::find_if(rest, [&rest](const StampClaim& claim) {
      return claim.generation != rest.front().generation;
    });
    const auto claims = rest.first(static_cast<std::size_t>(end - rest.begin()));
    rest = rest.subspan(claims.size());
    const Origin& origin = facts.verdict.origin;
    if (const auto* named = opposite(journals, origin, claims.front().generation)) {
      check_claims(facts, *named, claims);
      continue;
    }
    const Origin missing{origin.network, origin.to, origin.from, claims.front().generation};
    facts.verdict.notes.push_back(
        missing.text() + " is not in this export: the stamps that name it were not checked");
  }
}

void check_refusals(JournalFacts& facts, Journals& journals) {
  for (const RefusalClaim& claim : facts.refusals) {
    const Refusal& refusal = claim.refusal;
    auto* named = opposite(journals, facts.verdict.origin, refusal.generation);
    if (named == nullptr) {
      facts.verdict.notes.push_back(entry_place(claim.index) +
                                    " refuses an entry of a journal that is not in this export");
      continue;
    }
    const auto& hashes = named->leaf_hashes;
    if (refusal.index >= hashes.size()) {
      if (!named->complete) continue;
      facts.findings.add(FindingCode::kRefusal, entry_place(claim.index),
                         "it refuses entry " + std::to_string(refusal.index) + " of " +
                             named->verdict.origin.text() + ", which is not there");
    } else if (hashes[refusal.index] != refusal.leaf_hash) {
      facts.findings.add(
          FindingCode::kRefusal, entry_place(claim.index),
          "it refuses another entry " + std::to_string(refusal.index) + " of " +
              named->verdict.origin.text() + " than the one there",
          "refused " + to_hex(refusal.leaf_hash) + " there " + to_hex(hashes[refusal.index]));
    } else {
      named->refused.emplace(refusal.index, std::string(to_string(refusal.reason)) + " (" +
                                                entry_place(claim.index) + " of " +
                                                facts.verdict.origin.text() + ")");
    }
  }
}

/// What of `named` lies beyond the revocation; the records of officers have been judged before.
void cut(const JournalFacts& facts, const RevocationClaim& claim, std::uint64_t statement,
         JournalFacts& named) {
  const std::uint32_t generation = named.verdict.origin.generation;
  if (generation < claim.generation) return;
  const std::uint64_t first = generation == claim.generation ? claim.size : 0;
  const std::string by = "statement " + std::to_string(statement) + " of its authority (" +
                         entry_place(claim.index) + " of " + facts.verdict.origin.text() + ")";
  if (named.leaf_hashes.size() <= first) {
    named.verdict.notes.push_back("the office was revoked by " + by + "; no entry lies after it");
    return;
  }
  named.findings.add(FindingCode::kRevoked, entry_place(first),
                     "this and what follows (" + std::to_string(named.leaf_hashes.size() - first) +
                         " in all) lie after the office was revoked by " + by,
                     "leaf hash " + to_hex(named.leaf_hashes[first]));
}

void check_revocation(JournalFacts& facts, const RevocationClaim& claim, Journals& journals) {
  const auto revocation = identity::Revocation::parse(claim.revocation);
  if (!revocation || revocation->details().kind != identity::CertificateKind::kOffice) return;
  const Origin& origin = facts.verdict.origin;
  const std::uint64_t statement = revocation->details().statement;
  for (auto& [other, named] : journals) {
    if (other.network != origin.network || other.from != origin.to || other.to != origin.from ||
        !named.authority) {
      continue;
    }
    if (!identity::check_revocation(*named.authority, *revocation)) {
      facts.findings.add(
          FindingCode::kRevocation, entry_place(claim.index),
          "it holds a revocation of " + origin.to.text() + " that its authority did not sign",
          to_hex(claim.revocation));
      return;
    }
    if (statement > named.office->details().statement) cut(facts, claim, statement, named);
  }
}

/// One use of a message id, in which generation's journal and where.
struct Use {
  MessageId id;
  std::size_t generation;
  std::uint64_t index;
};

bool earlier(const Use& a, const Use& b) {
  if (a.id != b.id) return a.id < b.id;
  return a.generation != b.generation ? a.generation < b.generation : a.index < b.index;
}

/// Ids are unique over all generations of a direction.
void check_duplicates(std::vector<JournalFacts*> generations) {
  std::vector<Use> uses;
  for (std::size_t i = 0; i < generations.size(); ++i) {
    for (const SeenId& seen : generations[i]->ids) uses.push_back({seen.id, i, seen.index});
    std::vector<SeenId>().swap(generations[i]->ids);
  }
  std::ranges::sort(uses, earlier);
  for (std::size_t i = 1; i < uses.size(); ++i) {
    if (uses[i].id != uses[i - 1].id) continue;
    const auto& first = generations[uses[i - 1].generation]->verdict.origin;
    generations[uses[i].generation]->pending.push_back({uses[i].index, FindingCode::kDuplicate,
                                                        "its message id was used before by entry " +
                                                            std::to_string(uses[i - 1].index) +
                                                            " of " + first.text()});
  }
}

void settle(JournalFacts& facts) {
  for (const Pending& pending : facts.pending) {
    if (facts.refused.contains(pending.index)) continue;
    const auto hash = to_hex(facts.leaf_hashes[pending.index]);
    facts.findings.add(pending.code, entry_place(pending.index), pending.what, "leaf hash " + hash);
  }
  facts.verdict.refused = facts.refused.size();
  for (const auto& [index, why] : facts.refused) {
    facts.verdict.notes.push_back("the counterpart refused entry " + std::to_string(index) + ": " +
                                  why);
  }
  auto& notes = facts.verdict.notes;
  if (notes.size() <= kNotesMax) return;
  const std::size_t more = notes.size() - kNotesMax;
  notes.resize(kNotesMax);
  notes.push_back(std::to_string(more) + " more notes");
}

}  // namespace

void verify_across(Journals& journals) {
  std::vector<JournalFacts*> generations;
  for (auto& [origin, facts] : journals) {
    check_interlock(facts, journals);
    check_refusals(facts, journals);
    for (const RevocationClaim& claim : facts.revocations) {
      check_revocation(facts, claim, journals);
    }
    // Origins sort by network, from, to, generation: those of one direction stand together.
    if (!generations.empty()) {
      const Origin& before = generations.back()->verdict.origin;
      if (before.network != origin.network || before.from != origin.from ||
          before.to != origin.to) {
        check_duplicates(std::exchange(generations, {}));
      }
    }
    generations.push_back(&facts);
  }
  check_duplicates(std::move(generations));
  verify_generations(journals);
  verify_trails(journals);
  for (auto& [origin, facts] : journals) settle(facts);
}

}  // namespace blo::journal
