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
  trail.note("its first " + std::to_string(size) + " entries were there by " +
             to_rfc3339(claim.claim.time) + ", as entry " + std::to_string(claim.claim.index) +
             " of " + claim.from->verdict.origin.text() + " says");
}

using Wanted = std::multimap<Hash, Claim*>;

/// Walks one generation of the trail and marks every claim that names one of its heads.
Result<void> find_heads(JournalFacts& trail, const Wanted& wanted) {
  if (wanted.empty()) return {};
  const Claim* newest = nullptr;
  std::uint64_t newest_size = 0;
  Frontier tree;
  const auto read = trail.tree.read_hashes(0, trail.tree.size(), [&](const Hash& leaf) {
    tree.append(leaf);
    const Checkpoint head{trail.verdict.origin, tree.size(), tree.root()};
    const auto [first, last] = wanted.equal_range(crypto::sha256(as_bytes(head.text())));
    for (auto found = first; found != last; ++found) {
      found->second->found = true;
      newest = found->second;
      newest_size = tree.size();
    }
  });
  if (!read) return read.error();
  if (newest != nullptr) note_dated(trail, newest_size, *newest);
  return {};
}

/// `trail` is the newest generation in the export; `whole` when none is missing before it.
void judge_rest(const JournalFacts& trail, bool whole, const std::vector<Claim>& claims) {
  for (const Claim& claim : claims) {
    if (claim.found) continue;
    const std::string place = "entry " + std::to_string(claim.claim.index);
    const std::string origin = trail.verdict.origin.text();
    if (claim.claim.time >= trail.last_stamp.time) {
      claim.from->note(place + " names a head of " + origin +
                       " that is not in this export of it: it is older than that day, or the "
                       "trail was changed");
    } else if (!whole) {
      claim.from->note(place + " names a head of the audit trail that is not in " + origin +
                       "; an earlier generation is not in this export");
    } else {
      claim.from->findings.add(
          FindingCode::kTrailHead, place,
          "it names a head of " + origin + " that is none: the trail was changed after that day",
          to_hex(claim.claim.hash));
    }
  }
}

}  // namespace

Result<void> verify_trails(std::map<Origin, JournalFacts>& journals) {
  // Generations of one trail stand together, oldest first.
  for (auto at = journals.begin(); at != journals.end();) {
    const Origin first = at->first;
    const auto of_same_trail = [&first](const Origin& origin) {
      return origin.network == first.network && origin.from == first.from && origin.to == first.to;
    };
    if (!first.is_trail()) {
      ++at;
      continue;
    }
    auto claims = claims_of(journals, first);
    Wanted wanted;
    for (Claim& claim : claims) wanted.emplace(claim.claim.hash, &claim);
    bool whole = true;
    std::uint32_t before = 0;
    const JournalFacts* newest = nullptr;
    for (; at != journals.end() && of_same_trail(at->first); ++at) {
      whole = whole && at->second.complete && at->second.follows() == before;
      before = at->first.generation;
      if (!at->second.complete) continue;
      if (auto found = find_heads(at->second, wanted); !found) return found;
      newest = &at->second;
    }
    if (newest != nullptr) judge_rest(*newest, whole, claims);
  }
  return {};
}

}  // namespace blo::journal
