// The officer who acts: certificate and key.
#ifndef BLO_CLI_BLO_OFFICER_H
#define BLO_CLI_BLO_OFFICER_H

#include "arguments.h"
#include "failure.h"
#include "identity/certificate.h"

namespace blo::cli {

struct Officer {
  std::string name;  // what the key is called on this account
  identity::Certificate certificate;
  crypto::SigningKey key;
};

/// The officer of --as, or the only one whose key lies here; asks for the passphrase. Failures: no
/// officer, several without --as (they are listed), no certificate yet, a key that is not the
/// certificate's.
[[nodiscard]] Outcome<Officer> load_officer(const Globals& globals);

/// As load_officer when --as was given; nothing otherwise: the request stands on the Unix user.
[[nodiscard]] Outcome<std::optional<Officer>> load_officer_if_named(const Globals& globals);

/// Who an officer's file belongs to is decided by its keys: the certificate is for the key that
/// `request` was made with.
[[nodiscard]] Outcome<void> check_officer_key(const identity::Certificate& certificate,
                                              const std::vector<identity::PublicKey>& keys,
                                              const std::string& name);

}  // namespace blo::cli

#endif
