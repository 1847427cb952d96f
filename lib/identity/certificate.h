// Certificates: carried bytes, verified as carried, never re-serialised.
#ifndef BLO_IDENTITY_CERTIFICATE_H
#define BLO_IDENTITY_CERTIFICATE_H

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "crypto/dh.h"
#include "crypto/sign.h"
#include "identity/error.h"

namespace blo::identity {

/// SHA-256 of a certificate's details: names one certificate for ever.
using Fingerprint = crypto::Hash;

/// Values are the protobuf enum's.
enum class CertificateKind : std::uint8_t {
  kAuthority = 1,
  kOffice = 2,
  kOfficer = 3,
  kJournal = 4
};
enum class KeyUse : std::uint8_t {
  kAuthority = 1,
  kIdentity = 2,
  kReceipt = 3,
  kTransport = 4,
  kCourier = 5,
  kOfficer = 6,
  kJournal = 7
};
enum class Role : std::uint8_t {
  kOperator = 1,
  kReleaser = 2,
  kAuditor = 3,
  kSecurityOfficer = 4,
  kAdministrator = 5
};
[[nodiscard]] std::string_view to_string(CertificateKind kind);
[[nodiscard]] std::string_view to_string(Role role);
[[nodiscard]] std::optional<Role> parse_role(std::string_view text);

struct PublicKey {
  KeyUse use;
  std::array<Byte, 32> key;
};

/// What a certificate says; see proto/blo/v1/identity.proto and docs/format/identity.md.
struct CertificateDetails {
  CertificateKind kind = CertificateKind::kAuthority;
  Network network = Network::kLive;
  std::string subject;
  std::uint64_t statement = 0;
  std::vector<PublicKey> keys;
  WallTime not_before;
  WallTime not_after;
  std::optional<Fingerprint> issuer;  // none: signs itself
  std::uint64_t person = 0;
  std::vector<Role> roles;
  std::optional<crypto::Hash> name_commitment;

  /// The Ed25519 key of that use (every one in a parsed certificate is enrolled).
  [[nodiscard]] std::optional<crypto::VerifyKey> verify_key(KeyUse use) const;
  /// The X25519 key of that use.
  [[nodiscard]] std::optional<crypto::DhPublic> dh_key(KeyUse use) const;
  [[nodiscard]] bool has_role(Role role) const;
  /// Validity is inclusive at both ends and compared with an entry's stamp, never with the reader's
  /// clock.
  [[nodiscard]] bool valid_at(WallTime time) const {
    return not_before <= time && time <= not_after;
  }
};

/// A parsed certificate beside the bytes it came in. Well-formed; its signature is not judged until
/// `verify_issued_by`.
class Certificate {
 public:
  /// Strict: canonical protobuf, at most limits::kCertificateBytesMax, keys of known uses that fit
  /// the kind (authority: authority key; office: identity, receipt, transport, courier; officer:
  /// officer key; journal: journal key), Ed25519 keys enrolled, subject of the kind's form,
  /// validity not reversed.
  [[nodiscard]] static Result<Certificate> parse(ByteView bytes);
  /// PEM armour, label "BLO CERTIFICATE".
  [[nodiscard]] static Result<Certificate> parse_pem(std::string_view text);

  /// Signs `details`; they must be ones that parse (CHECKed: callers build them from parsed
  /// requests).
  [[nodiscard]] static Certificate issue(const CertificateDetails& details,
                                         const crypto::SigningKey& issuer);

  [[nodiscard]] const Bytes& bytes() const { return bytes_; }
  [[nodiscard]] std::string pem() const;
  [[nodiscard]] const CertificateDetails& details() const { return details_; }
  [[nodiscard]] const Fingerprint& fingerprint() const { return fingerprint_; }

  /// The signature is `issuer_key`'s over the carried details.
  [[nodiscard]] bool signed_by(const crypto::VerifyKey& issuer_key) const;

 private:
  Certificate() = default;
  Bytes bytes_;
  Bytes signed_details_;
  crypto::Signature signature_{};
  CertificateDetails details_;
  Fingerprint fingerprint_{};
};

/// "4f2a 91c0 …": the first 20 bytes in groups of four hexadecimal digits, for reading aloud.
[[nodiscard]] std::string spoken(const Fingerprint& fingerprint);

}  // namespace blo::identity

#endif
