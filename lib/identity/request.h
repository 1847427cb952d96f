// A request for a certificate: the subject's keys, signed by the key that speaks for it.
#ifndef BLO_IDENTITY_REQUEST_H
#define BLO_IDENTITY_REQUEST_H

#include "identity/certificate.h"
#include "identity/pem.h"

namespace blo::identity {

/// An officer's name and agency: what the certificate commits to, and may be erased.
struct OfficerName {
  std::string name;
  std::string agency;

  [[nodiscard]] Bytes encode() const;
  [[nodiscard]] static Result<OfficerName> parse(ByteView bytes);
};

/// SHA-256("blo/officer-name/v1\0" ‖ salt ‖ encoded name).
[[nodiscard]] crypto::Hash commit_to_name(const std::array<Byte, 32>& salt, ByteView encoded_name);

struct CertificateRequest {
  CertificateKind kind;  // office or officer
  Network network;
  std::string subject;
  std::vector<PublicKey> keys;
  OfficerName name;                  // officer only
  std::array<Byte, 32> name_salt{};  // officer only
  crypto::Hash fingerprint{};        // SHA-256 of the request's details; filled by parse and create

  /// Signs with `key`, whose public half is among `keys` (identity for an office, officer for an
  /// officer).
  [[nodiscard]] Bytes sign(const crypto::SigningKey& key) const;
  /// Strict, and the signature is right.
  [[nodiscard]] static Result<CertificateRequest> parse(ByteView bytes);
};

}  // namespace blo::identity

#endif
