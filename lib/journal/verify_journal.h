// Verifies one direction of an export by itself, and gathers what the opposite direction is needed
// for.
#ifndef BLO_JOURNAL_VERIFY_JOURNAL_H
#define BLO_JOURNAL_VERIFY_JOURNAL_H

#include "journal/export_files.h"
#include "journal/findings.h"

namespace blo::journal {

/// A head of the opposite journal, from the first entry whose stamp names it.
struct StampClaim {
  std::uint64_t index;
  std::uint32_t generation;
  std::uint64_t size;
  Hash root;
};

struct RefusalClaim {
  std::uint64_t index;
  Refusal refusal;
};

/// The counterpart's office was revoked: of its journals nothing counts from there on.
struct RevocationClaim {
  std::uint64_t index;
  std::uint32_t generation;  // the stamp's; 0: nothing counts
  std::uint64_t size;
  Bytes revocation;
};

/// A finding, unless the counterpart has refused the entry.
struct Pending {
  std::uint64_t index;
  FindingCode code;
  std::string what;
};

struct SeenId {
  MessageId id;
  std::uint64_t index;
};

/// What a pair journal says of its sender's audit trail.
struct TrailClaim {
  std::uint64_t index;
  WallTime time;
  Hash hash;
};

/// A name that was destroyed in an earlier generation.
struct ErasureClaim {
  std::uint64_t index;
  Erasure erasure;
};

struct JournalFacts {
  explicit JournalFacts(const Origin& origin)
      : verdict{origin, {}, {}}, findings(export_folder(origin)) {}

  JournalVerdict verdict;
  Findings findings;
  bool complete = false;  // every entry under the checkpoint was read
  std::vector<Hash> leaf_hashes;
  std::vector<SeenId> ids;
  std::vector<StampClaim> claims;
  std::vector<RefusalClaim> refusals;
  std::vector<TrailClaim> trail_heads;
  std::vector<ErasureClaim> erasures;     // in earlier generations
  std::set<std::uint64_t> introductions;  // indexes of certificate records
  std::optional<ClosedGeneration> previous;
  std::optional<Stamp> first_stamp;
  Stamp last_stamp;
  std::vector<RevocationClaim> revocations;
  /// Certificates the chain was found to hold under: the authority as it was given.
  std::optional<identity::Certificate> authority;
  std::optional<identity::Certificate> office;
  std::vector<Pending> pending;
  std::map<std::uint64_t, std::string> refused;  // by index: why, and where it says so
};

/// Reads and judges the journal in the folder named in `facts`.
void verify_journal(const ExportFiles& files, const std::vector<identity::Certificate>& authorities,
                    JournalFacts& facts);

/// What each generation says of those before it.
void verify_generations(std::map<Origin, JournalFacts>& journals);

/// The heads of an audit trail that its office's pair journals name: they are heads of it.
void verify_trails(std::map<Origin, JournalFacts>& journals);

/// What concerns several journals: interlock, refusals, duplicates, dated trails. Then turns what
/// is pending into findings or notes.
void verify_across(std::map<Origin, JournalFacts>& journals);

}  // namespace blo::journal

#endif
