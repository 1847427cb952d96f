// Whom backups are sealed to: the public half of a key that stays off the machine.
#ifndef BLO_BACKUP_RECIPIENT_H
#define BLO_BACKUP_RECIPIENT_H

#include "base/ids.h"
#include "base/result.h"
#include "crypto/dh.h"

namespace blo::backup {

/// Of one office on one network, so that two offices' files are not mixed up.
struct Recipient {
  Network network;
  OfficeId office;
  crypto::DhPublic key;

  /// PEM armour around key[32] ‖ u8 network ‖ office id.
  [[nodiscard]] std::string pem() const;
  /// IdentityError::kMalformed.
  [[nodiscard]] static Result<Recipient> parse_pem(std::string_view text);
};

}  // namespace blo::backup

#endif
