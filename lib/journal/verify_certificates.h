// Whether the certificates of an export are what the given authorities vouch for.
#ifndef BLO_JOURNAL_VERIFY_CERTIFICATES_H
#define BLO_JOURNAL_VERIFY_CERTIFICATES_H

#include "journal/verify_journal.h"

namespace blo::journal {

/// What the sender's chain gives.
struct SenderTrust {
  identity::Certificate authority;  // the one given, not the export's copy
  crypto::VerifyKey journal_key;
  WallTime first{};  // when the first entry was made; day 0: not known yet
};

/// Parses `certificates.pem`; nothing, with a finding, where it is not in form.
[[nodiscard]] std::optional<ExportCertificates> read_certificates(const ExportFiles& files,
                                                                  JournalFacts& facts);

/// Authority → office → journal. Nothing, with a finding, where the chain does not hold at any
/// time: then no key of the export can be believed.
[[nodiscard]] std::optional<SenderTrust> check_sender(
    const ExportCertificates& certificates, const std::vector<identity::Certificate>& authorities,
    JournalFacts& facts);

/// False, with a finding: the sender's office was not certified when the first entry was made.
[[nodiscard]] bool check_first(const ExportCertificates& certificates, const SenderTrust& trust,
                               JournalFacts& facts);

/// The counterpart's authority → office; gives the receipt key. Validity is judged by check_ends().
[[nodiscard]] std::optional<NoteKey> check_counterpart(
    const ExportCounterpart& counterpart, const std::vector<identity::Certificate>& authorities,
    JournalFacts& facts);

/// Validity up to the last stamp of an entry that needs it, where there is one, and of the
/// counterpart at its first and last receipts.
void check_ends(const ExportCertificates& certificates, const SenderTrust& trust,
                std::optional<WallTime> last, JournalFacts& facts);

}  // namespace blo::journal

#endif
