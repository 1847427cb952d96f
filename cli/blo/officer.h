// The officer who acts: certificate and key.
#ifndef BLO_CLI_BLO_OFFICER_H
#define BLO_CLI_BLO_OFFICER_H

#include "arguments.h"
#include "failure.h"
#include "identity/certificate.h"
#include "signer.h"

namespace blo::cli {

struct Officer {
  std::string name;  // what the key is called on this account
  identity::Certificate certificate;
  std::unique_ptr<Signer> signer;

  /// Signs prefix ‖ parts: envelopes and control requests. Failures: as Signer::sign.
  [[nodiscard]] Outcome<crypto::Signature> sign(crypto::Purpose purpose,
                                                std::initializer_list<ByteView> parts) const {
    return signer->sign(purpose, parts);
  }
};

/// An officer whose key was opened for this very command.
struct OpenedOfficer : Officer {
  crypto::SigningKey key;
};

/// The officer of --as, or the only one there is here: choose_officer(). The session's key holder
/// signs where `blo unlock` started one; else this asks for the passphrase. Failures: no officer,
/// several without --as (they are listed), no certificate yet, a key that is not the certificate's.
[[nodiscard]] Outcome<Officer> load_officer(const Globals& globals);

/// As load_officer, and never by the key holder: for what always asks for the passphrase.
[[nodiscard]] Outcome<OpenedOfficer> load_officer_with_passphrase(const Globals& globals);

/// The name that --as gives, or that of the only key on this account. Of several the only one with
/// a certificate is meant, and of several with one the only one of the office of --home.
[[nodiscard]] Outcome<std::string> choose_officer(const Globals& globals);

/// Who asks for what may stand on the Unix user, too. With --as that officer. Without it nobody
/// where the daemon believes the Unix user, which is root's or the daemon's own, nor where no
/// officer of this office has a certified key on this account; else as load_officer. So nobody is
/// asked for a passphrase that nothing needs. Failures besides: the daemon is unreachable.
[[nodiscard]] Outcome<std::optional<Officer>> load_officer_if_needed(const Globals& globals);

/// Who an officer's file belongs to is decided by its keys: the certificate is for the key that
/// `request` was made with.
[[nodiscard]] Outcome<void> check_officer_key(const identity::Certificate& certificate,
                                              const std::vector<identity::PublicKey>& keys,
                                              const std::string& name);

}  // namespace blo::cli

#endif
