#include "backup/recipient.h"

#include "identity/pem.h"

namespace blo::backup {

std::string Recipient::pem() const {
  Bytes bytes = to_bytes(ByteView(key));
  bytes.push_back(static_cast<Byte>(network));
  append(bytes, office.text());
  return identity::to_pem(identity::kBackupRecipientLabel, bytes);
}

Result<Recipient> Recipient::parse_pem(std::string_view text) {
  const auto bytes = identity::from_pem(identity::kBackupRecipientLabel, text);
  if (!bytes) return bytes.error();
  const Error malformed(identity::IdentityError::kMalformed, "the recipient of backups");
  crypto::DhPublic key;
  if (bytes->size() <= key.size() + 1 || !copy_exact(ByteView(*bytes).first(key.size()), key))
    return malformed;
  const Byte network = (*bytes)[key.size()];
  if (network != static_cast<Byte>(Network::kLive) &&
      network != static_cast<Byte>(Network::kExercise)) {
    return malformed;
  }
  const auto office = OfficeId::parse(as_text(ByteView(*bytes).subspan(key.size() + 1)));
  if (!office) return malformed;
  return Recipient{static_cast<Network>(network), *office, key};
}

}  // namespace blo::backup
