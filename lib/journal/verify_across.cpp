#include "base/hex.h"
#include "journal/verify_journal.h"
#include "journal/verify_revocations.h"

namespace blo::journal {
namespace {

constexpr std::size_t kNotesMax = 50;
constexpr std::chrono::hours kDay{24};

using Journals = std::map<Origin, JournalFacts>;

JournalFacts* opposite(Journals& journals, const Origin& of, std::uint32_t generation) {
  const auto found = journals.find(Origin{of.network, of.to, of.from, generation});
  return found == journals.end() ? nullptr : &found->second;
}

bool same_direction(const Origin& a, const Origin& b) {
  return a.network == b.network && a.from == b.from && a.to == b.to;
}

std::string entry_place(std::uint64_t index) { return "entry " + std::to_string(index); }

/// The counterpart names only heads that it has receipted.
void judge_named_receipts(JournalFacts& facts) {
  const JournalVerdict& verdict = facts.verdict;
  if (facts.named_size <= verdict.receipted || verdict.counterpart_authority.empty()) return;
  facts.miss({Missing::What::kReceipts, verdict.origin, facts.named_size,
              "stamps of " + verdict.origin.to.text() + " say that it receipted the first " +
                  std::to_string(facts.named_size) + " entries; this export has receipts for " +
                  std::to_string(verdict.receipted)});
}

/// What a refusal names, and what is there: both hashes where they differ.
struct Found {
  RefusedEntry entry;
  std::optional<Hash> there;
};

Result<Found> find_refused(const Refusal& refusal, JournalFacts* named) {
  using Is = RefusedEntry::Found;
  Found found;
  if (named == nullptr || (!named->complete && refusal.index >= named->tree.size())) return found;
  if (refusal.index >= named->tree.size()) {
    found.entry.found = Is::kNothing;
    return found;
  }
  const auto there = named->tree.leaf_hash(refusal.index);
  if (!there) return there.error();
  found.there = *there;
  found.entry = {*there == refusal.leaf_hash ? Is::kEntry : Is::kAnother,
                 named->refused.contains(refusal.index), named->is_erasure(refusal.index),
                 named->receipted_size(refusal.index)};
  return found;
}

/// A refusal that changes nothing is a finding against the office that refuses.
void find_void(JournalFacts& facts, const RefusalClaim& claim, RefusalWorth worth,
               const Found& found) {
  const Refusal& refusal = claim.refusal;
  const Origin& origin = facts.verdict.origin;
  const Origin named{origin.network, origin.to, origin.from, refusal.generation};
  std::string evidence = "refused " + to_hex(refusal.leaf_hash);
  if (found.there) evidence += " there " + to_hex(*found.there);
  facts.findings.add(FindingCode::kRefusal, entry_place(claim.place.index),
                     "its refusal of entry " + std::to_string(refusal.index) + " of " +
                         named.text() + " changes nothing: " + std::string(to_string(worth)),
                     evidence);
}

Result<void> check_refusals(JournalFacts& facts, Journals& journals) {
  RefusalRun run;
  for (const RefusalClaim& claim : facts.refusals) {
    const Refusal& refusal = claim.refusal;
    auto* named = opposite(journals, facts.verdict.origin, refusal.generation);
    const auto found = find_refused(refusal, named);
    if (!found) return found.error();
    const RefusalWorth worth = judge_refusal(refusal, claim.place, found->entry, run);
    if (worth == RefusalWorth::kCounts) {
      named->refused.emplace(refusal.index, RefusedBy{&facts.verdict.origin, claim.place.index,
                                                      claim.time, claim.received, refusal.reason});
    } else if (worth != RefusalWorth::kUnjudged) {
      find_void(facts, claim, worth, *found);
    } else if (named == nullptr) {
      const Origin& origin = facts.verdict.origin;
      const Origin absent{origin.network, origin.to, origin.from, refusal.generation};
      facts.miss({Missing::What::kJournal, absent, 0,
                  absent.text() + " is not in this export: " + entry_place(claim.place.index) +
                      " refuses an entry of it"});
    }
  }
  return {};
}

/// Which root a false stamp names, and which is true.
Result<std::string> stamp_evidence(JournalFacts& facts, std::uint64_t index, Journals& journals) {
  const auto leaf = facts.tree.leaf(index);
  if (!leaf) return leaf.error();
  const auto entry = Entry::parse(*leaf);
  const Stamp stamp = entry ? entry->stamp : Stamp();
  std::string evidence = "stamped " + to_hex(stamp.root);
  auto* named = opposite(journals, facts.verdict.origin, stamp.generation);
  if (named == nullptr || stamp.size > named->tree.size()) return evidence;
  const auto root = KeptRoots(named->tree).at(stamp.size);
  if (!root) return root.error();
  return evidence + " computed " + to_hex(*root);
}

Result<std::string> pending_evidence(JournalFacts& facts, const PendingFindings::Pending& pending,
                                     Journals& journals) {
  if (!facts.findings.lists(pending.code)) return std::string();
  if (pending.code == FindingCode::kInterlock)
    return stamp_evidence(facts, pending.index, journals);
  const auto hash = facts.tree.leaf_hash(pending.index);
  if (!hash) return hash.error();
  return "leaf hash " + to_hex(*hash);
}

Result<void> settle(JournalFacts& facts, Journals& journals) {
  for (const PendingFindings::Pending& pending : facts.pending.all()) {
    if (facts.refused.contains(pending.index)) continue;
    const auto evidence = pending_evidence(facts, pending, journals);
    if (!evidence) return evidence.error();
    facts.findings.add(pending.code, entry_place(pending.index), facts.pending.what(pending),
                       *evidence);
  }
  facts.verdict.refused = facts.refused.size();
  for (const auto& [index, by] : facts.refused) {
    const auto receipted = facts.receipted_by(index);
    // What had a receipt by then was there by then, whatever its stamp says.
    const WallTime there = by.received ? std::min(by.time, *by.received) : by.time;
    const bool late = receipted && there - *receipted > kDay;
    facts.note("the counterpart refused entry " + std::to_string(index) + " at " +
               to_rfc3339(by.time) + (late ? ", more than a day after its receipt" : "") + ": " +
               std::string(to_string(by.reason)) + " (" + entry_place(by.index) + " of " +
               by.journal->text() + ")");
  }
  if (facts.more_notes > 0) {
    facts.verdict.notes.push_back(std::to_string(facts.more_notes) + " more notes");
  }
  return {};
}

/// What each journal says of the opposite one.
Result<void> verify_opposites(Journals& journals) {
  for (auto& [origin, facts] : journals) {
    judge_named_receipts(facts);
    if (auto checked = check_refusals(facts, journals); !checked) return checked;
  }
  return {};
}

}  // namespace

void JournalFacts::note(std::string text) {
  if (verdict.notes.size() < kNotesMax) {
    verdict.notes.push_back(std::move(text));
  } else {
    ++more_notes;
  }
}

void JournalFacts::miss(Missing missing) {
  const bool known = std::ranges::any_of(
      verdict.missing, [&missing](const Missing& one) { return one.same_as(missing); });
  if (known) return;
  if (verdict.missing.size() < kNotesMax) {
    verdict.missing.push_back(std::move(missing));
  } else {
    ++more_notes;
  }
}

void JournalFacts::note_receipt(std::uint64_t size, WallTime time) {
  if (!receipt_days.empty() && size <= receipt_days.back().size) return;
  const auto day = [](WallTime of) { return std::chrono::floor<std::chrono::days>(of); };
  if (receipt_days.empty() || day(receipt_days.back().time) != day(time)) {
    receipt_days.push_back({size, time});
  } else {
    receipt_days.back() = {size, time};
  }
}

std::optional<std::uint64_t> JournalFacts::receipted_size(std::uint64_t index) const {
  const auto found = std::ranges::upper_bound(receipts, index);
  return found == receipts.end() ? std::nullopt : std::optional(*found);
}

bool JournalFacts::is_erasure(std::uint64_t index) const {
  return std::ranges::binary_search(erasures, index, {}, &ErasureClaim::index);
}

std::optional<WallTime> JournalFacts::dated_by(std::uint64_t index) const {
  const auto over = std::ranges::upper_bound(dated, index, {}, &ReceiptedSize::size);
  return over == dated.end() ? std::nullopt : std::optional(over->time);
}

std::optional<WallTime> JournalFacts::receipted_by(std::uint64_t index) const {
  const auto found = std::ranges::upper_bound(receipt_days, index, {}, &ReceiptedSize::size);
  return found == receipt_days.end() ? std::nullopt : std::optional(found->time);
}

Result<void> verify_across(Journals& journals) {
  if (auto checked = verify_opposites(journals); !checked) return checked;
  RevocationSignatures signatures;
  if (auto checked = verify_revocations(journals, signatures); !checked) return checked;
  for (auto at = journals.begin(); at != journals.end();) {
    const Origin& direction = at->first;
    std::vector<JournalFacts*> generations;
    for (; at != journals.end() && same_direction(at->first, direction); ++at) {
      generations.push_back(&at->second);
    }
    if (auto checked = verify_ids(generations); !checked) return checked;
  }
  verify_generations(journals);
  verify_trails(journals);
  for (auto& [origin, facts] : journals) {
    if (auto settled = settle(facts, journals); !settled) return settled;
  }
  return {};
}

}  // namespace blo::journal
