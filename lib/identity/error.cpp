#include "identity/error.h"

#include "base/error_category.h"

namespace blo::identity {
namespace {

const char* sentence(IdentityError error) {
  switch (error) {
    case IdentityError::kMalformed: return "this is not in the form it must have";
    case IdentityError::kWrongKind: return "another kind of certificate belongs here";
    case IdentityError::kWrongNetwork: return "it belongs to the other network";
    case IdentityError::kWrongSubject: return "it speaks for someone else";
    case IdentityError::kWrongIssuer: return "it names another issuer than the one at hand";
    case IdentityError::kUntrusted: return "nobody who is trusted here vouches for it";
    case IdentityError::kBadSignature: return "the signature is wrong";
    case IdentityError::kNotYetValid: return "its validity has not begun";
    case IdentityError::kExpired: return "its validity is over";
    case IdentityError::kWeakKey: return "a key in it protects nothing";
    case IdentityError::kWrongPassphrase: return "the passphrase does not open the key file";
    case IdentityError::kPassphraseNeeded: return "the key file needs a passphrase";
    case IdentityError::kPermissions: return "a key file must be its user's alone (mode 0600)";
    case IdentityError::kOwnFile: return "this is our own file, not the counterpart's";
    case IdentityError::kAgreement: return "the two keys give no common secret";
    case IdentityError::kNoMemory: return "there is not enough memory to derive the key";
  }
  return "unknown identity error";
}

}  // namespace

boost::system::error_code make_error_code(IdentityError error) {
  static const ErrorCategory<IdentityError, sentence> category("blo.identity");
  return {static_cast<int>(error), category};
}

}  // namespace blo::identity
