// The first reading of a journal: its certificates, its checkpoint, its tree, and what its stamps
// and refusals name. What an entry is worth depends on the opposite journals, and is judged
// afterwards.
#ifndef BLO_JOURNAL_SURVEY_H
#define BLO_JOURNAL_SURVEY_H

#include "journal/verify_certificates.h"

namespace blo::journal {

/// A journal whose chain and checkpoint hold.
struct Survey {
  ExportCertificates certificates;
  SenderTrust trust;
  SignedCheckpoint checkpoint;
  std::optional<NoteKey> receipt_key;  // none: a trail, or receipts that nobody vouches for
};

/// Fills the tree and the claims in `facts`; nothing, with a finding, where there is no journal to
/// read.
[[nodiscard]] std::optional<Survey> survey_journal(
    const ExportFiles& files, const std::vector<identity::Certificate>& authorities,
    const Executor& execute, JournalFacts& facts);

}  // namespace blo::journal

#endif
