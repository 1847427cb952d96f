// Chains: authority → office → officer, and office → journal. Each step is a function of two
// certificates.
#ifndef BLO_IDENTITY_CHAIN_H
#define BLO_IDENTITY_CHAIN_H

#include "identity/certificate.h"

namespace blo::identity {

/// `authority` is an authority's own certificate: right kind, signed by its own key.
[[nodiscard]] Result<void> check_authority(const Certificate& authority);

/// `office` was certified by `authority`: kinds, network, issuer fingerprint, country of the office
/// id, signature, valid at `time`, and not beyond the authority's own validity at `time`.
[[nodiscard]] Result<void> check_office(const Certificate& authority, const Certificate& office,
                                        WallTime time);

/// `officer` was certified by `office` and is valid at `time`; the subject is the office.
[[nodiscard]] Result<void> check_officer(const Certificate& office, const Certificate& officer,
                                         WallTime time);

/// `journal` was certified by `office` for exactly `origin`.
[[nodiscard]] Result<void> check_journal(const Certificate& office, const Certificate& journal,
                                         const Origin& origin);

}  // namespace blo::identity

#endif
