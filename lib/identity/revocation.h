// Revocations: numbered statements that end certificates. Carried bytes, verified as carried.
#ifndef BLO_IDENTITY_REVOCATION_H
#define BLO_IDENTITY_REVOCATION_H

#include "identity/certificate.h"

namespace blo::identity {

/// Values are the protobuf enum's.
enum class RevocationReason : std::uint8_t { kLeft = 1, kKeyLost = 2, kKeyStolen = 3, kOther = 4 };
[[nodiscard]] std::string_view to_string(RevocationReason reason);  // "left", "key-lost"
[[nodiscard]] std::optional<RevocationReason> parse_revocation_reason(std::string_view text);

/// What a revocation says; see docs/format/identity.md.
struct RevocationDetails {
  CertificateKind kind = CertificateKind::kOfficer;  // office or officer
  Network network = Network::kLive;
  std::string subject;          // the office, or the officer's office
  std::uint64_t statement = 0;  // ends every certificate of the subject with a smaller number
  std::uint64_t person = 0;     // officer only
  RevocationReason reason = RevocationReason::kOther;
  WallTime time;  // a claim
  Fingerprint issuer{};
};

/// A parsed revocation beside the bytes it came in; its signature is not judged until
/// check_revocation().
class Revocation {
 public:
  /// Strict: canonical, at most limits::kCertificateBytesMax, a known kind and reason, a person for
  /// an officer and none for an office.
  [[nodiscard]] static Result<Revocation> parse(ByteView bytes);
  /// PEM armour, label "BLO REVOCATION".
  [[nodiscard]] static Result<Revocation> parse_pem(std::string_view text);
  /// Signs `details`, which must be ones that parse (CHECKed).
  [[nodiscard]] static Revocation issue(const RevocationDetails& details,
                                        const crypto::SigningKey& issuer);

  [[nodiscard]] const Bytes& bytes() const { return bytes_; }
  [[nodiscard]] std::string pem() const;
  [[nodiscard]] const RevocationDetails& details() const { return details_; }
  [[nodiscard]] bool signed_by(const crypto::VerifyKey& issuer_key) const;

 private:
  Revocation() = default;
  Bytes bytes_;
  Bytes signed_details_;
  crypto::Signature signature_{};
  RevocationDetails details_;
};

/// `issuer` (an authority for an office, an office for an officer) made it: kind, network, subject,
/// issuer's fingerprint, signature. An authority's renewed certificate with the same key counts as
/// the same issuer; dates are not compared: a revocation does not expire.
[[nodiscard]] Result<void> check_revocation(const Certificate& issuer,
                                            const Revocation& revocation);

}  // namespace blo::identity

#endif
