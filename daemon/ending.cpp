#include "daemon/ending.h"

#include <algorithm>
#include <vector>

#include "base/file.h"
#include "base/guarded_file.h"
#include "daemon/config.h"
#include "daemon/home.h"
#include "identity/error.h"
#include "store/error.h"
#include "transport/error.h"

namespace blo::daemon {
namespace {

using identity::IdentityError;
using store::StoreError;
using transport::TransportError;
using enum Ending;

/// Every code of the modules that a start goes through.
const std::vector<EndingRow>& table() {
  static const std::vector<EndingRow> rows = {
      // The home. What is not there may lie on a disk that is not mounted yet.
      {make_error_code(HomeError::kMissing), kPassing},
      {make_error_code(HomeError::kInUse), kPassing},
      {make_error_code(HomeError::kNotInstalled), kLasting},
      {make_error_code(HomeError::kNoFolder), kLasting},
      {make_error_code(HomeError::kMismatch), kLasting},
      {make_error_code(HomeError::kNoAccess), kLasting},
      {make_error_code(HomeError::kSocketPath), kLasting},
      {make_error_code(HomeError::kUnsealedKey), kLasting},
      {make_error_code(HomeError::kBackingUp), kPassing},
      // Files, and the system's reasons at them: I/O errors, no space, descriptors or memory, a
      // file system that takes no writes.
      {make_error_code(FileError::kNotFound), kPassing},
      {make_error_code(FileError::kFailed), kPassing},
      {make_error_code(FileError::kTooLarge), kLasting},
      {make_error_code(FileError::kNotRegular), kLasting},
      {make_error_code(FileError::kExists), kLasting},
      // Who could have changed or read them.
      {make_error_code(GuardError::kLink), kLasting},
      {make_error_code(GuardError::kNotRegular), kLasting},
      {make_error_code(GuardError::kForeign), kLasting},
      {make_error_code(GuardError::kWritable), kLasting},
      {make_error_code(GuardError::kReadable), kLasting},
      {make_error_code(GuardError::kUnguardable), kLasting},
      // The configuration.
      {make_error_code(ConfigError::kSyntax), kLasting},
      {make_error_code(ConfigError::kUnknownKey), kLasting},
      {make_error_code(ConfigError::kBadValue), kLasting},
      {make_error_code(TransportError::kAddress), kLasting},
      // The store.
      {make_error_code(StoreError::kLocked), kPassing},
      {make_error_code(StoreError::kFailed), kPassing},
      {make_error_code(StoreError::kFull), kPassing},
      {make_error_code(StoreError::kReadOnly), kPassing},
      {make_error_code(StoreError::kCorrupt), kLasting},
      {make_error_code(StoreError::kNewerSchema), kLasting},
      {make_error_code(StoreError::kForeign), kLasting},
      {make_error_code(StoreError::kNotFound), kLasting},
      {make_error_code(StoreError::kConstraint), kLasting},
      {make_error_code(StoreError::kOutOfRange), kLasting},
      // Keys and certificates.
      {make_error_code(IdentityError::kNoMemory), kPassing},
      {make_error_code(IdentityError::kMalformed), kLasting},
      {make_error_code(IdentityError::kWrongKind), kLasting},
      {make_error_code(IdentityError::kWrongNetwork), kLasting},
      {make_error_code(IdentityError::kWrongSubject), kLasting},
      {make_error_code(IdentityError::kWrongIssuer), kLasting},
      {make_error_code(IdentityError::kUntrusted), kLasting},
      {make_error_code(IdentityError::kBadSignature), kLasting},
      {make_error_code(IdentityError::kNotYetValid), kLasting},
      {make_error_code(IdentityError::kExpired), kLasting},
      {make_error_code(IdentityError::kWeakKey), kLasting},
      {make_error_code(IdentityError::kWrongPassphrase), kLasting},
      {make_error_code(IdentityError::kPassphraseNeeded), kLasting},
      {make_error_code(IdentityError::kPermissions), kLasting},
      {make_error_code(IdentityError::kOwnFile), kLasting},
      {make_error_code(IdentityError::kAgreement), kLasting},
  };
  return rows;
}

}  // namespace

std::span<const EndingRow> endings() { return table(); }

Ending ending_of(const Error& error) {
  const auto row = std::ranges::find(table(), error.code(), &EndingRow::code);
  return row == table().end() ? kLasting : row->ending;
}

}  // namespace blo::daemon
