// PEM armour: what a certificate, a request, a pairing file and a key file look like as files.
#ifndef BLO_IDENTITY_PEM_H
#define BLO_IDENTITY_PEM_H

#include "base/bytes.h"
#include "base/result.h"
#include "identity/error.h"

namespace blo::identity {

/// PEM armour around bytes: "-----BEGIN label-----", base64 in lines of 64, "-----END label-----".
/// There is at least one byte.
[[nodiscard]] std::string to_pem(std::string_view label, ByteView bytes);
/// The bytes of the one block with that label, in a file that people handed over: a byte order
/// mark, carriage returns, blanks and blank lines, lines of other lengths, text around the block
/// and UTF-16 are what mail, editors and Windows make of it. What the bytes are worth their
/// fingerprints and signatures tell.
[[nodiscard]] Result<Bytes> from_pem(std::string_view label, std::string_view text);
/// All blocks of that label in order, exactly as to_pem() writes them (certificates.pem of an
/// export); the final newline may be missing.
[[nodiscard]] Result<std::vector<Bytes>> all_from_pem(std::string_view label,
                                                      std::string_view text);

inline constexpr std::string_view kCertificateLabel = "BLO CERTIFICATE";
inline constexpr std::string_view kRequestLabel = "BLO CERTIFICATE REQUEST";
inline constexpr std::string_view kPairingLabel = "BLO PAIRING";
inline constexpr std::string_view kRevocationLabel = "BLO REVOCATION";
inline constexpr std::string_view kKeyLabel = "BLO KEY FILE";
inline constexpr std::string_view kBackupRecipientLabel = "BLO BACKUP RECIPIENT";

}  // namespace blo::identity

#endif
