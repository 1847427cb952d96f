#include "base/hex.h"
#include "journal/checkpoint.h"
#include "journal/verify_journal.h"

namespace blo::journal {
namespace {

/// The claims of an office's pair journals, by the hash they name.
struct Claim {
  JournalFacts* from;
  TrailClaim claim;
  bool found = false;
};

std::vector<Claim> claims_of(std::map<Origin, JournalFacts>& journals, const Origin& trail) {
  std::vector<Claim> claims;
  for (auto& [origin, facts] : journals) {
    if (origin.is_trail() || origin.network != trail.network || origin.from != trail.from) continue;
    for (const TrailClaim& claim : facts.trail_heads) claims.push_back({&facts, claim});
  }
  return claims;
}

void note_dated(JournalFacts& trail, std::uint64_t size, const Claim& claim) {
  trail.verdict.notes.push_back("its first " + std::to_string(size) + " entries were there by " +
                                to_rfc3339(claim.claim.time) + ", as entry " +
                                std::to_string(claim.claim.index) + " of " +
                                claim.from->verdict.origin.text() + " says");
}

/// Walks the trail once and marks every claim that names one of its heads.
void find_heads(JournalFacts& trail, std::vector<Claim>& claims) {
  std::multimap<Hash, Claim*> wanted;
  for (Claim& claim : claims) wanted.emplace(claim.claim.hash, &claim);
  const Claim* newest = nullptr;
  std::uint64_t newest_size = 0;
  Frontier tree;
  for (const Hash& leaf : trail.leaf_hashes) {
    tree.append(leaf);
    const Checkpoint head{trail.verdict.origin, tree.size(), tree.root()};
    const auto [first, last] = wanted.equal_range(crypto::sha256(as_bytes(head.text())));
    for (auto found = first; found != last; ++found) {
      found->second->found = true;
      newest = found->second;
      newest_size = tree.size();
    }
  }
  if (newest != nullptr) note_dated(trail, newest_size, *newest);
}

}  // namespace

void verify_trails(std::map<Origin, JournalFacts>& journals) {
  for (auto& [origin, trail] : journals) {
    if (!origin.is_trail() || !trail.complete) continue;
    auto claims = claims_of(journals, origin);
    if (claims.empty()) continue;
    find_heads(trail, claims);
    for (const Claim& claim : claims) {
      if (claim.found) continue;
      const std::string place = "entry " + std::to_string(claim.claim.index);
      if (claim.claim.time > trail.last_stamp) {
        claim.from->verdict.notes.push_back(place + " names a head of " + origin.text() +
                                            " that is newer than this export of it");
        continue;
      }
      claim.from->findings.add(FindingCode::kTrailHead, place,
                               "it names a head of " + origin.text() +
                                   " that is none: the trail was changed after that day",
                               to_hex(claim.claim.hash));
    }
  }
}

}  // namespace blo::journal
