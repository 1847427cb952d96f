#include <ranges>

#include "base/check.h"
#include "base/hex.h"
#include "journal/checkpoint.h"
#include "journal/verify_journal.h"

namespace blo::journal {
namespace {

/// A claim of one of the office's pair journals.
struct Claim {
  JournalFacts* from;
  TrailClaim* claim;
};

/// Those of one pair journal stand together, in its order, generation after generation.
std::vector<Claim> claims_of(std::map<Origin, JournalFacts>& journals, const Origin& trail) {
  std::vector<Claim> claims;
  for (auto& [origin, facts] : journals) {
    if (origin.is_trail() || origin.network != trail.network || origin.from != trail.from) continue;
    for (TrailClaim& claim : facts.trail_heads) claims.push_back({&facts, &claim});
  }
  return claims;
}

void note_dated(JournalFacts& trail, const Claim& claim) {
  trail.note("its first " + std::to_string(claim.claim->size) + " entries were there by " +
             to_rfc3339(claim.claim->time) + ", as entry " + std::to_string(claim.claim->index) +
             " of " + claim.from->verdict.origin.text() + " says");
}

/// By the hash they name.
using Wanted = std::multimap<Hash, Claim*>;

/// Walks one generation of the trail and marks every claim that names one of its heads.
Result<void> find_heads(JournalFacts& trail, const Wanted& wanted) {
  if (wanted.empty()) return {};
  const Claim* newest = nullptr;
  Frontier tree;
  const auto read = trail.tree.read_hashes(0, trail.tree.size(), [&](const Hash& leaf) {
    tree.append(leaf);
    const Checkpoint head{trail.verdict.origin, tree.size(), tree.root()};
    const auto [first, last] = wanted.equal_range(crypto::sha256(as_bytes(head.text())));
    for (auto found = first; found != last; ++found) {
      newest = found->second;
      TrailClaim& claim = *newest->claim;
      claim.generation = trail.verdict.origin.generation;
      claim.size = tree.size();
      if (claim.received) trail.dated.push_back({claim.size, *claim.received});
    }
  });
  if (!read) return read.error();
  if (newest != nullptr) note_dated(trail, *newest);
  // What was there under an early receipt over more was there then, too.
  std::optional<WallTime> earliest;
  for (auto& dated : std::views::reverse(trail.dated)) {
    earliest = std::min(earliest.value_or(dated.time), dated.time);
    dated.time = *earliest;
  }
  return {};
}

/// The generations of one trail that are in the export, oldest first.
struct Generations {
  const JournalFacts* newest = nullptr;  // that was read whole
  bool whole = true;                     // none is missing
  std::uint32_t last = 0;
  std::uint64_t run_since = 1;  // from this one on none is missing

  void add(const JournalFacts& facts) {
    const bool goes_on = facts.follows() == last;
    last = facts.verdict.origin.generation;
    if (!goes_on) run_since = last;
    whole = whole && goes_on && facts.complete;
    if (facts.complete) {
      newest = &facts;
    } else {
      run_since = std::uint64_t{last} + 1;  // nothing is in it
    }
  }
};

void judge_missing(const Claim& claim, const Generations& trail, bool in_run, bool followed) {
  const std::string place = "entry " + std::to_string(claim.claim->index);
  const std::string origin = trail.newest->verdict.origin.text();
  if (!followed && claim.claim->time >= trail.newest->last_stamps.last().time) {
    claim.from->miss({Missing::What::kEntries, trail.newest->verdict.origin, 0,
                      place + " names a head of " + origin +
                          " that is not in this export of it: it is older than that day, or the "
                          "trail was changed"});
  } else if (!in_run) {
    claim.from->note(place + " names a head of the audit trail that is not in " + origin +
                     "; an earlier generation is not in this export");
  } else {
    claim.from->findings.add(
        FindingCode::kTrailHead, place,
        "it names a head of " + origin + " that is none: the trail was changed after that day",
        to_hex(claim.claim->hash));
  }
}

/// A trail only grows, and what a pair journal names grows with it. So no export of it is too old
/// for a head that was named before one it has; and a head named after one of the newest run of
/// generations is of that run, whatever was lost before the run began.
void judge_rest(const Generations& trail, const std::vector<Claim>& claims) {
  std::vector<bool> followed(claims.size());  // by a head that is there
  const auto same_direction = [](const Claim& a, const Claim& b) {
    return a.from->verdict.origin.to == b.from->verdict.origin.to;
  };
  bool later = false;
  for (std::size_t i = claims.size(); i-- > 0;) {
    if (i + 1 < claims.size() && !same_direction(claims[i], claims[i + 1])) later = false;
    followed[i] = later;
    later = later || claims[i].claim->generation != 0;
  }
  bool in_run = trail.whole;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    if (i > 0 && !same_direction(claims[i - 1], claims[i])) in_run = trail.whole;
    if (claims[i].claim->generation == 0) judge_missing(claims[i], trail, in_run, followed[i]);
    in_run = in_run ||
             (claims[i].claim->generation != 0 && claims[i].claim->generation >= trail.run_since);
  }
}

/// Calls for the generations of each trail, oldest first.
template <class Take>
Result<void> each_trail(std::map<Origin, JournalFacts>& journals, const Take& take) {
  for (auto at = journals.begin(); at != journals.end();) {
    const Origin first = at->first;
    std::vector<JournalFacts*> generations;
    for (; at != journals.end() && at->first.network == first.network &&
           at->first.from == first.from && at->first.to == first.to;
         ++at) {
      generations.push_back(&at->second);
    }
    if (!first.is_trail()) continue;
    if (auto taken = take(claims_of(journals, first), generations); !taken) return taken;
  }
  return {};
}

}  // namespace

Result<void> date_trails(std::map<Origin, JournalFacts>& journals) {
  return each_trail(journals, [](std::vector<Claim> claims, const auto& trail) -> Result<void> {
    Wanted wanted;
    for (Claim& claim : claims) wanted.emplace(claim.claim->hash, &claim);
    for (JournalFacts* generation : trail) {
      if (!generation->complete) continue;
      if (auto found = find_heads(*generation, wanted); !found) return found;
    }
    return {};
  });
}

void verify_trails(std::map<Origin, JournalFacts>& journals) {
  const auto judged =
      each_trail(journals, [](const std::vector<Claim>& claims, const auto& trail) -> Result<void> {
        Generations generations;
        for (const JournalFacts* generation : trail) generations.add(*generation);
        if (generations.newest != nullptr) judge_rest(generations, claims);
        return {};
      });
  BLO_CHECK(judged.has_value());  // nothing is read
}

}  // namespace blo::journal
