// Judges one journal of an evidence: its certificates, its checkpoint, and that each entry lies
// under it. Of this folder alone.
#ifndef BLO_JOURNAL_VERIFY_PROVEN_H
#define BLO_JOURNAL_VERIFY_PROVEN_H

#include "journal/checkpoint.h"
#include "journal/evidence.h"
#include "journal/findings.h"
#include "journal/reader.h"

namespace blo::journal {

/// A journal whose chain and checkpoint hold.
struct ProvenReading {
  identity::Certificate authority;  // the one given
  identity::Certificate office;
  SignedCheckpoint head;
  std::vector<ReadEntry> entries;  // in order; each lies under the head
  std::vector<Policy> policies;    // in force when entries[i] was read
};

/// The given authority with the fingerprint of `copy`; null, with a finding, where none was given.
[[nodiscard]] const identity::Certificate* trusted(
    const std::vector<identity::Certificate>& authorities, const identity::Certificate& copy,
    std::string_view office, const std::string& place, Findings& findings);

/// "UZ 4f2a…".
[[nodiscard]] std::string authority_name(const identity::Certificate& authority);

/// Nothing, with a finding, where the chain, the checkpoint or a proof does not hold. `place` is
/// put before each finding's own: "journal", "opposite 1". `received`: the time of the receipt on
/// the checkpoint; no entry under it was receipted later.
[[nodiscard]] std::optional<ProvenReading> read_proven(
    const ProvenJournal& journal, const std::vector<identity::Certificate>& authorities,
    const std::string& place, std::optional<WallTime> received, Findings& findings);

/// "journal/entry 5".
[[nodiscard]] std::string entry_place(const std::string& place, std::uint64_t index);

}  // namespace blo::journal

#endif
