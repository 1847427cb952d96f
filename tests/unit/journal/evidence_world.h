// Evidence made of test journals, without a store.
#ifndef BLO_TESTS_UNIT_JOURNAL_EVIDENCE_WORLD_H
#define BLO_TESTS_UNIT_JOURNAL_EVIDENCE_WORLD_H

#include "journal/verify_evidence.h"
#include "world.h"

namespace blo::journal {

/// What `naming` stamps from now on names all there is of `named`.
void name_all_of(const TestJournal& named, TestJournal& naming);

/// These entries of a journal under a head of `size` entries, receipted at this time where there is
/// one.
[[nodiscard]] ProvenJournal prove(const TestJournal& journal,
                                  const std::vector<std::uint64_t>& entries, std::uint64_t size,
                                  std::optional<WallTime> receipt = std::nullopt);
/// The consistency proof from the first `old_size` entries.
[[nodiscard]] std::vector<Hash> consistent_from(const TestJournal& journal, std::uint64_t old_size,
                                                std::uint64_t size);

/// A message of Oybek's to Fotehobod with all that proves it:
///
///     uz   0 start   1 karimov   2 policy   3 nazarova   4 the message   5 karimov is revoked
///     tj   0 start   1 rahimov   2 a message
struct EvidenceWorld {
  EvidenceWorld();

  /// The message is entry 4; its stamp names tj's three entries.
  [[nodiscard]] Evidence evidence() const;
  [[nodiscard]] EvidenceVerdict judged(const Evidence& evidence) const {
    return verify_evidence(evidence.encode(), {uz.authority, tj.authority});
  }

  TestOffice uz{"UZ-OYBEK"};
  TestOffice tj{"TJ-FOTEHOBOD"};
  TestOfficer karimov = uz.officer({7, 11});
  TestOfficer nazarova = uz.officer({8, 12, {identity::Role::kReleaser}});
  TestOfficer rahimov = tj.officer();
  TestJournal there{uz, tj};
  TestJournal back{tj, uz};
  seal::Salt salt{5};
  Bytes content = to_bytes("the content");
  WallTime receipt = kStart + seconds(60);
};

/// The codes of the findings, each once, sorted by their text.
[[nodiscard]] std::vector<std::string> codes(const EvidenceVerdict& verdict);

}  // namespace blo::journal

#endif
