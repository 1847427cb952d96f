#include "journal/verify_revocations.h"

#include "base/hex.h"
#include "base/limits.h"

namespace blo::journal {
namespace {

using Journals = std::map<Origin, JournalFacts>;

std::string entry_place(std::uint64_t index) { return "entry " + std::to_string(index); }

/// A revocation of the opposite office, where a journal enters it.
struct Entered {
  JournalFacts& by;
  const RevocationClaim& claim;
  std::uint64_t statement;

  [[nodiscard]] std::string text() const {
    return "statement " + std::to_string(statement) + " of its authority (" +
           entry_place(claim.index) + " of " + by.verdict.origin.text() + ")";
  }
};

/// Origins sort by network, from, to, generation: those of one direction stand together.
template <class Judge>
Result<void> each_generation(Journals& journals, Origin direction, const Judge& judge) {
  direction.generation = 1;
  for (auto at = journals.lower_bound(direction); at != journals.end(); ++at) {
    const Origin& origin = at->first;
    if (origin.network != direction.network || origin.from != direction.from ||
        origin.to != direction.to) {
      break;
    }
    if (auto judged = judge(at->second); !judged) return judged;
  }
  return {};
}

/// What of `named` lies beyond the revocation; the records of officers have been judged before.
Result<void> cut(const Entered& entered, JournalFacts& named) {
  const RevocationClaim& claim = entered.claim;
  const std::uint32_t generation = named.verdict.origin.generation;
  if (generation < claim.generation) return {};
  const std::uint64_t first = generation == claim.generation ? claim.size : 0;
  if (named.tree.size() <= first) {
    named.note("the office was revoked by " + entered.text() + "; no entry lies after it");
    return {};
  }
  const auto hash = named.tree.leaf_hash(first);
  if (!hash) return hash.error();
  named.findings.add(FindingCode::kRevoked, entry_place(first),
                     "this and what follows (" + std::to_string(named.tree.size() - first) +
                         " in all) lie after the office was revoked by " + entered.text(),
                     "leaf hash " + to_hex(*hash));
  return {};
}

/// Receipts that the revoked office gave afterwards in a journal of the direction that enters its
/// revocation: over the entry itself or what follows it, whatever their date; or dated more than a
/// day later.
void cut_receipts(const Entered& entered, JournalFacts& receipted) {
  const JournalVerdict& verdict = receipted.verdict;
  if (!verdict.last_receipt || !receipted.counterpart ||
      entered.statement <= receipted.counterpart->office.details().statement) {
    return;
  }
  const Origin& by = entered.by.verdict.origin;
  const bool covers = verdict.origin.generation > by.generation ||
                      (verdict.origin == by && verdict.receipted > entered.claim.index);
  // Two offices exchange with clocks that differ by so much: an honest receipt may be dated ahead.
  if (!covers && *verdict.last_receipt <= entered.claim.time + limits::kClockSkewMax) return;
  receipted.findings.add(FindingCode::kRevoked, "receipts",
                         "the newest, of " + to_rfc3339(*verdict.last_receipt) + " for the first " +
                             std::to_string(verdict.receipted) + " entries, was given after " +
                             by.to.text() + " was revoked by " + entered.text());
}

/// The revocations that one journal enters.
class Revocations {
 public:
  Revocations(Journals& journals, RevocationSignatures& signatures, JournalFacts& facts)
      : journals_(journals),
        signatures_(signatures),
        facts_(facts),
        opposite_(facts.verdict.origin) {
    std::swap(opposite_.from, opposite_.to);
  }

  Result<void> judge(const RevocationClaim& claim) {
    const auto revocation = identity::Revocation::parse(claim.revocation);
    if (!revocation || revocation->details().kind != identity::CertificateKind::kOffice) return {};
    const Hash hash = crypto::sha256(claim.revocation);
    if (!is_signed(*revocation, hash)) {
      facts_.pending.add(
          claim.index, FindingCode::kRevocation,
          "it holds a revocation of " + opposite_.from.text() + " that its authority did not sign");
      return {};
    }
    // Stamps never decrease: what the first one left, the same one later does not take.
    if (!seen_.insert(hash).second) return {};
    const Entered entered{facts_, claim, revocation->details().statement};
    const auto receipts = [&entered](JournalFacts& receipted) -> Result<void> {
      cut_receipts(entered, receipted);
      return {};
    };
    if (auto done = each_generation(journals_, facts_.verdict.origin, receipts); !done) return done;
    return each_generation(journals_, opposite_, [&entered](JournalFacts& named) -> Result<void> {
      const bool newer = named.authority && entered.statement > named.office->details().statement;
      return newer ? cut(entered, named) : Result<void>();
    });
  }

 private:
  /// By the authority that vouches for the office here, and for every generation of its own
  /// journal; true where none is trusted.
  bool is_signed(const identity::Revocation& revocation, const Hash& hash) {
    bool holds =
        !facts_.counterpart || signatures_.hold(facts_.counterpart->authority, revocation, hash);
    const auto look = [&](JournalFacts& named) -> Result<void> {
      holds = holds && (!named.authority || signatures_.hold(*named.authority, revocation, hash));
      return {};
    };
    return each_generation(journals_, opposite_, look).has_value() && holds;
  }

  Journals& journals_;
  RevocationSignatures& signatures_;
  JournalFacts& facts_;
  Origin opposite_;  // of any generation
  std::set<Hash> seen_;
};

}  // namespace

bool RevocationSignatures::hold(const identity::Certificate& authority,
                                const identity::Revocation& revocation, const Hash& hash) {
  const std::pair place{authority.fingerprint(), hash};
  const auto found = known_.find(place);
  if (found != known_.end()) return found->second;
  ++checked_;
  const bool holds = identity::check_revocation(authority, revocation).has_value();
  known_.emplace(place, holds);
  return holds;
}

Result<void> verify_revocations(Journals& journals, RevocationSignatures& signatures) {
  for (auto& [origin, facts] : journals) {
    Revocations revocations(journals, signatures, facts);
    for (const RevocationClaim& claim : facts.revocations) {
      if (auto judged = revocations.judge(claim); !judged) return judged;
    }
  }
  return {};
}

}  // namespace blo::journal
