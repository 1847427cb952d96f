// Who signs for an officer: the key itself, or the session's key holder.
#ifndef BLO_CLI_BLO_SIGNER_H
#define BLO_CLI_BLO_SIGNER_H

#include <functional>
#include <memory>

#include "crypto/sign.h"
#include "failure.h"

namespace blo::cli {

class KeyHolder;

class Signer {
 public:
  Signer() = default;
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;
  virtual ~Signer() = default;

  /// Signs prefix ‖ parts for `purpose`, which is kEnvelope or kControlRequest (CHECKed): what
  /// releases a message is signed with the key itself. Failures: those of opening the key, where
  /// the holder does not sign any more.
  [[nodiscard]] Outcome<crypto::Signature> sign(crypto::Purpose purpose,
                                                std::initializer_list<ByteView> parts);

 private:
  [[nodiscard]] virtual Outcome<crypto::Signature> sign_bytes(crypto::Purpose purpose,
                                                              ByteView bytes) = 0;
};

[[nodiscard]] std::unique_ptr<Signer> sign_with(crypto::SigningKey key);

/// Every signature of the holder's is verified with `verify_key`. When one is missing or wrong, the
/// key is opened, which may ask for the passphrase, and signs from then on.
[[nodiscard]] std::unique_ptr<Signer> sign_with(
    const KeyHolder& holder, crypto::VerifyKey verify_key,
    std::function<Outcome<crypto::SigningKey>()> open_key);

}  // namespace blo::cli

#endif
