// Why an identity is not believed.
#ifndef BLO_IDENTITY_ERROR_H
#define BLO_IDENTITY_ERROR_H

#include "base/error.h"

namespace blo::identity {

enum class IdentityError {
  kMalformed = 1,  // not in the form docs/format/identity.md gives
  kWrongKind,      // another kind of certificate belongs here
  kWrongNetwork,   // live and exercise never mix
  kWrongSubject,   // another office, country or journal
  kWrongIssuer,    // names another issuer than the one at hand
  kUntrusted,      // signed by itself, or by an authority that is not trusted here
  kBadSignature,
  kNotYetValid,
  kExpired,
  kWeakKey,  // an Ed25519 key outside the prime-order group
  kWrongPassphrase,
  kPassphraseNeeded,
  kPermissions,  // a key file others can read or change
  kOwnFile,      // a pairing file of one's own office
  kAgreement,    // the key agreement gives no secret (a low-order key)
  kNoMemory,     // what Argon2id needs cannot be had
};
[[nodiscard]] boost::system::error_code make_error_code(IdentityError error);

}  // namespace blo::identity

template <>
struct boost::system::is_error_code_enum<blo::identity::IdentityError> : std::true_type {};

#endif
