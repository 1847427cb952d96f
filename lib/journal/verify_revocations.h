// Offices' revocations by their authorities, as the journals of an export enter them.
#ifndef BLO_JOURNAL_VERIFY_REVOCATIONS_H
#define BLO_JOURNAL_VERIFY_REVOCATIONS_H

#include <set>

#include "identity/revocation.h"
#include "journal/verify_journal.h"

namespace blo::journal {

/// Whether authorities signed revocations. A journal may enter one again and again, and the revoked
/// office may have any number of generations: each signature is looked at once.
class RevocationSignatures {
 public:
  /// `hash` is of the revocation's bytes.
  [[nodiscard]] bool hold(const identity::Certificate& authority,
                          const identity::Revocation& revocation, const Hash& hash);
  /// How many were looked at.
  [[nodiscard]] std::uint64_t checked() const { return checked_; }

 private:
  std::uint64_t checked_ = 0;
  std::map<std::pair<identity::Fingerprint, Hash>, bool> known_;
};

/// What each journal enters about the opposite office, and what that cuts off. Errors are
/// KeptTree's.
[[nodiscard]] Result<void> verify_revocations(std::map<Origin, JournalFacts>& journals,
                                              RevocationSignatures& signatures);

}  // namespace blo::journal

#endif
